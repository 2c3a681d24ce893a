(function () {
  'use strict';
  var form = document.getElementById('filter');
  if (!form) return;
  var text = form.querySelector('input'), day = form.querySelector('select'), told = form.querySelector('output');
  function plain(s) { return s.toLowerCase().normalize('NFKD').replace(/[\u0300-\u036f]/g, ''); }
  function all(selector) { return Array.prototype.slice.call(document.querySelectorAll(selector)); }
  function row(element, says) { return { e: element, t: plain(says.textContent) }; }
  var visits = all('.cal tbody tr').map(function (tr) {
    var one = row(tr, tr), link = tr.querySelector('a[href^="#v"]');
    one.day = tr.closest('.day').dataset.day;
    one.id = link ? link.hash : '';
    return one;
  });
  var more = all('details.v').map(function (d) { return row(d, d.querySelector('summary')); });
  var days = all('.day');
  var people = all('.crew tbody tr').map(function (tr) {
    var one = row(tr, tr.querySelector('th'));
    one.links = Array.prototype.map.call(tr.querySelectorAll('a[href^="#v"]'), function (a) { return a.hash; });
    return one;
  });
  function filter() {
    var words = plain(text.value).split(/\s+/).filter(Boolean), seen = {}, n = 0, on = words.length || day.value;
    function matches(t) { return words.every(function (w) { return t.indexOf(w) >= 0; }); }
    visits.forEach(function (v) {
      var show = matches(v.t) && (!day.value || day.value === v.day);
      v.e.hidden = !show;
      if (show) { n += 1; seen[v.id] = true; }
    });
    days.forEach(function (d) { d.hidden = !d.querySelector('tbody tr:not([hidden])'); });
    more.forEach(function (v) { v.e.hidden = !(day.value ? seen['#' + v.e.id] : matches(v.t) || seen['#' + v.e.id]); });
    people.forEach(function (p) {
      p.e.hidden = on && !((words.length && matches(p.t)) || p.links.some(function (l) { return seen[l]; }));
    });
    told.textContent = on ? n + ' of ' + visits.length + ' visits' : '';
  }
  function open() {
    var target = location.hash && document.getElementById(location.hash.slice(1));
    if (!target) return;
    if (target.closest('[hidden]')) { text.value = ''; day.value = ''; filter(); }
    if (target.tagName === 'DETAILS') target.open = true;
    target.scrollIntoView();
  }
  form.hidden = false;
  form.addEventListener('submit', function (e) { e.preventDefault(); });
  text.addEventListener('input', filter);
  day.addEventListener('change', filter);
  window.addEventListener('hashchange', open);
  open();
})();
