// Writes tables with the libraries of npm. `node writers.cjs NAME FOLDER` takes the tables as JSON and prints what wrote them.
'use strict';
const fs = require('fs');
const path = require('path');
const [name, folder] = process.argv.slice(2);
const tables = JSON.parse(fs.readFileSync(0, 'utf8'));
const DATES = new Set(['left_on', 'earliest', 'latest', 'from', 'to', 'date']);
const manifest = (of) => JSON.parse(fs.readFileSync(path.join(process.env.NODE_PATH, of, 'package.json')));
const version = (of) => `${of} ${manifest(of).version}, Node ${process.versions.node.split('.')[0]}`;
const day = (text) => new Date(`${text}T00:00:00Z`);
const value = (title, cell) => (cell === '' ? null : DATES.has(title) ? day(cell) : cell);
const typed = (header, rows) => rows.map((row) => row.map((cell, at) => value(header[at], cell)));

async function each(ending, write) {
  for (const [table, [header, rows]] of Object.entries(tables)) {
    await write(path.join(folder, table + ending), table, header, rows);
  }
}

async function sheetjs(bookType, ending, says, options = {}) {
  const XLSX = require('xlsx');
  await each(ending, (file, table, header, rows) => {
    const sheet = XLSX.utils.aoa_to_sheet([header, ...typed(header, rows)], { cellDates: true, dateNF: 'yyyy-mm-dd', ...options });
    const book = XLSX.utils.book_new();
    XLSX.utils.book_append_sheet(book, sheet, table);
    XLSX.writeFile(book, file, { bookType, cellDates: true, ...options });
  });
  console.log(`SheetJS ${version('xlsx')}, ${says}`);
}

async function exceljs(ending, says) {
  const ExcelJS = require('exceljs');
  await each(ending, async (file, table, header, rows) => {
    const book = new ExcelJS.Workbook();
    const sheet = book.addWorksheet(table);
    sheet.addRow(header);
    typed(header, rows).forEach((row) => sheet.addRow(row));
    if (ending === '.csv') await book.csv.writeFile(file, { dateFormat: 'YYYY-MM-DD', dateUTC: true });
    else await book.xlsx.writeFile(file);
  });
  console.log(`${version('exceljs')}, ${says}`);
}

const WRITERS = {
  sheetjs_xlsx: () => sheetjs('xlsx', '.xlsx', 'XLSX, days as numbers', { cellDates: false }),
  sheetjs_xlsx_cell_dates: () => sheetjs('xlsx', '.xlsx', 'XLSX, cellDates (dates as texts of type d)'),
  sheetjs_xlsb: () => sheetjs('xlsb', '.xlsb', 'XLSB'),
  sheetjs_xls: () => sheetjs('biff8', '.xls', 'XLS (BIFF8)'),
  sheetjs_ods: () => sheetjs('ods', '.ods', 'ODS'),
  sheetjs_fods: () => sheetjs('fods', '.fods', 'flat ODS'),
  sheetjs_spreadsheetml: () => sheetjs('xlml', '.xls', 'SpreadsheetML 2003, named .xls'),
  sheetjs_html: () => sheetjs('html', '.xls', 'HTML, named .xls'),
  sheetjs_csv: () => sheetjs('csv', '.csv', 'CSV'),
  exceljs_xlsx: () => exceljs('.xlsx', 'XLSX'),
  exceljs_csv: () => exceljs('.csv', 'CSV'),
  async csv_stringify() {
    const { stringify } = require('csv-stringify/sync');
    await each('.csv', (file, _, header, rows) => fs.writeFileSync(file, stringify([header, ...rows])));
    console.log(`${version('csv-stringify')}, CSV`);
  },
  async papaparse() {
    const Papa = require('papaparse');
    await each('.csv', (file, _, header, rows) => fs.writeFileSync(file, Papa.unparse([header, ...rows], { quotes: true, delimiter: ';' })));
    console.log(`${version('papaparse')}, CSV, semicolons, every cell in quotes`);
  },
  async write_excel_file() {
    const module = require('write-excel-file/node');
    const write = module.default || module;
    await each('.xlsx', async (file, table, header, rows) => {
      const cell = (one) => (one === null ? null : one instanceof Date ? { value: one, type: Date, format: 'yyyy-mm-dd' } : { value: one, type: one.constructor });
      const data = [header.map((one) => ({ value: one, type: String })), ...typed(header, rows).map((row) => row.map(cell))];
      const made = await write(data, { sheet: table });
      if (made && made.toFile) await made.toFile(file);
      else throw new Error('no file');
    });
    console.log(`${version('write-excel-file')}, XLSX`);
  },
  async xlsx_populate() {
    const Populate = require('xlsx-populate');
    await each('.xlsx', async (file, table, header, rows) => {
      const book = await Populate.fromBlankAsync();
      const sheet = book.sheet(0).name(table);
      [header, ...typed(header, rows)].forEach((row, at) => row.forEach((one, column) => {
        if (one === null) return;
        const cell = sheet.cell(at + 1, column + 1);
        if (one instanceof Date) cell.value(one).style('numberFormat', 'dddd, d mmmm yyyy');
        else cell.value(one);
      }));
      await book.toFileAsync(file);
    });
    console.log(`${version('xlsx-populate')}, XLSX`);
  },
};

WRITERS[name]().catch((error) => { console.error(error); process.exit(1); });
