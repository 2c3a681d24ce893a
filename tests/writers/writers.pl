# Writes tables with the modules of CPAN. `perl writers.pl NAME FOLDER` takes the tables as JSON and prints what wrote them.
use strict;
use warnings;
use utf8;
use JSON::PP;
binmode STDOUT, ':utf8';

my ($name, $folder) = @ARGV;
my $tables = decode_json(do { local $/; <STDIN> });
my %dates = map { $_ => 1 } qw(left_on earliest latest from to date);

sub workbook {
    my ($class, $ending, $says) = @_;
    eval "require $class" or die $@;
    for my $table (keys %$tables) {
        my ($header, $rows) = @{ $tables->{$table} };
        my $book  = $class->new("$folder/$table$ending");
        my $style = $book->add_format(num_format => 'yyyy-mm-dd');
        my $sheet = $book->add_worksheet($table);
        my $at = 0;
        for my $row ($header, @$rows) {
            for my $column (0 .. $#$row) {
                my $cell = $row->[$column];
                next if $cell eq '';
                if ($at && $dates{ $header->[$column] }) { $sheet->write_date_time($at, $column, "${cell}T", $style) }
                elsif ($at && $header->[$column] =~ /^(risk|team_size)$/) { $sheet->write_number($at, $column, $cell) }
                else { $sheet->write_string($at, $column, $cell) }
            }
            $at++;
        }
        $book->close;
    }
    print "$class ", $class->VERSION, ", Perl 5, $says\n";
}

if ($name eq 'perl_spreadsheet_writeexcel') { workbook('Spreadsheet::WriteExcel', '.xls', 'XLS (BIFF8)') }
if ($name eq 'perl_excel_writer_xlsx') { workbook('Excel::Writer::XLSX', '.xlsx', 'XLSX') }
if ($name eq 'perl_text_csv') {
    require Text::CSV;
    my $csv = Text::CSV->new({ binary => 1, eol => "\r\n", quote_space => 0 });
    for my $table (keys %$tables) {
        my ($header, $rows) = @{ $tables->{$table} };
        open my $out, '>:utf8', "$folder/$table.csv" or die $!;
        $csv->print($out, $_) for $header, @$rows;
        close $out;
    }
    print "Text::CSV ", Text::CSV->VERSION, ", Perl 5, CSV\n";
}
