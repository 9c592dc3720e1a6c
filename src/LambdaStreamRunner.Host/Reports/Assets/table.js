// Tables: plain ones, and the one of settings, which sorts, filters and picks.
function plainTable(headings, rows) {
  return el('div', { className: 'scroll', tabIndex: 0 }, el('table', {},
    el('thead', {}, el('tr', {}, ...headings.map(heading => el('th', { scope: 'col' }, heading)))),
    el('tbody', {}, ...rows.map(row => el('tr', {}, ...row.map(cell => el('td', {}, cell instanceof Node ? cell : String(cell))))))));
}

const ROWS_MAX = 200;

const COLUMNS = [
  { name: '', title: 'Setting', value: row => row.order, cell: row => markOf(row) },
  { name: 'Shards', value: row => row.shards, cell: row => count(row.shards) },
  { name: 'Batch\u00adSize', value: row => row.batchSize, cell: row => count(row.batchSize) },
  { name: 'Window', value: row => row.window, cell: row => `${row.window} s` },
  { name: 'PF', value: row => row.factor, cell: row => row.factor },
  { name: '$ / million', value: row => row.cost, cell: row => cost(row.cost) },
  { name: 'Iterator age p99', value: row => row.age, cell: row => withInterval(row.age, row.ageHalf) },
  { name: 'Latency p99', value: row => row.latency, cell: row => time(row.latency) },
  { name: 'Dup / 1,000', value: row => row.duplicates, cell: row => digits(row.duplicates) },
  { name: 'Peak', title: 'Peak concurrency', value: row => row.concurrency, cell: row => digits(row.concurrency) },
  { name: 'Mean batch', value: row => row.batch, cell: row => digits(row.batch) },
];

function markOf(row) {
  const cell = el('span', {}, el('strong', {}, row.letter ?? '·'));
  if (row.isChosen)
    cell.append(el('span', { className: 'tag' }, data.verdict));
  if (row.isKnee)
    cell.append(el('span', { className: 'tag knee' }, 'knee'));
  if (row.others)
    cell.append(el('span', { className: 'tag other' }, row.others));
  return cell;
}

// Not more digits than the mean beside it has.
const margin = half => half >= 0.00995 && half < 0.0995 ? number(half, 0, 2) : digits(half);

function withInterval(ms, width) {
  if (!width)
    return time(ms);
  const [divisor, unit] = unitOf(ms);
  return el('span', {}, digits(ms / divisor), el('span', { className: 'plus-minus' }, ` ±${margin(width / divisor)}`), ` ${unit}`);
}

// `rows` are all settings that the page has; `onPick` is told the row that somebody clicked, or null.
function settingsTable(place, rows, onPick) {
  const frontier = rows.filter(row => row.letter !== null);
  let shown = frontier;
  let all = frontier;
  let sorting = { column: COLUMNS[0], sign: 1 };
  let picked = null;
  const body = el('tbody');
  const summary = el('p', { className: 'quiet', 'aria-live': 'polite' });
  const heads = COLUMNS.map(column => el('th', { scope: 'col' }, sorter(column)));
  place.append(summary, el('div', { className: 'scroll', tabIndex: 0 }, el('table', { id: 'settings-table' }, el('thead', {}, el('tr', {}, ...heads)), body)));

  function sorter(column) {
    const button = el('button', { type: 'button', title: `Sort by ${column.title ?? column.name}` }, column.name || '#');
    button.addEventListener('click', () => {
      sorting = { column, sign: sorting.column === column ? -sorting.sign : 1 };
      write();
    });
    return button;
  }

  function write() {
    heads.forEach((head, index) => head.setAttribute('aria-sort', COLUMNS[index] !== sorting.column ? 'none' : sorting.sign > 0 ? 'ascending' : 'descending'));
    const sorted = [...shown].sort((one, other) => sorting.sign * ((sorting.column.value(one) ?? 0) - (sorting.column.value(other) ?? 0)));
    body.replaceChildren(...sorted.slice(0, ROWS_MAX).map(rowOf));
    summary.textContent = sorted.length === 0 ? 'No setting is in this part of the picture.' : `${summaryOf(sorted.length)}${page.common ? ` All with ${page.common}.` : ''}`;
  }

  function summaryOf(found) {
    const cut = found > ROWS_MAX ? `, the first ${ROWS_MAX} of them here` : '';
    const howMany = found === all.length ? some(found, 'setting') : `${count(found)} of ${some(all.length, 'setting')}`;
    if (all === frontier)
      return `${howMany} on the frontier${cut}. ${count(data.exploredCount)} were simulated.`;
    const sample = page.exploredLeftOut > 0 ? `a sample of ${count(all.length - frontier.length)} of the` : 'all';
    return `${howMany}${cut}: the frontier, and ${sample} ${count(data.exploredCount)} that were simulated.`;
  }

  function rowOf(row) {
    const line = el('tr', { className: 'pick', tabIndex: 0 }, ...COLUMNS.map(column => {
      const content = column.cell(row);
      return el('td', {}, content instanceof Node ? content : String(content));
    }));
    line.title = row.words;
    line.dataset.setting = row.letter ?? '';
    line.classList.toggle('is-picked', row === picked);
    line.addEventListener('click', () => choose(row === picked ? null : row));
    line.addEventListener('keydown', event => {
      if (event.key !== 'Enter' && event.key !== ' ')
        return;
      event.preventDefault();
      choose(row === picked ? null : row);
      body.querySelector('.is-picked')?.focus();
    });
    return line;
  }

  function choose(row) {
    picked = row;
    write();
    onPick(row);
  }

  write();
  return {
    show(which, ofAll) { shown = which; all = ofAll.length > frontier.length ? ofAll : frontier; write(); },
    pick(row) { picked = row; write(); body.querySelector('.is-picked')?.scrollIntoView({ block: 'nearest' }); },
  };
}
