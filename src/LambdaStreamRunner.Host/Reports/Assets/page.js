// Data in, elements out. Whatever a user wrote goes into text nodes and onto canvases, never into markup.
const data = JSON.parse(document.getElementById('data').textContent);
const page = data.page;
const subject = data.chosen ?? data.nearestFeasible ?? data.knee;

function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element && !name.includes('-'))
      element[name] = value;
    else
      element.setAttribute(name, value);
  }
  element.append(...children.filter(child => child !== null && child !== undefined));
  return element;
}

const byId = id => document.getElementById(id);

// As in the terminal: three digits and the unit that suits them; a small number has two, wherever they begin.
function digits(value) {
  if (value === null || value === undefined)
    return '–';
  const size = Math.abs(value);
  const places = size >= 99.95 || size === 0 ? 0 : size >= 9.995 ? 1 : size >= 0.0995 ? 2 : placesOfTwo(size);
  return number(value, 0, places);
}

const placesOfTwo = size => Math.min(10, 1 - Math.floor(Math.log10(size)));

// Formatters are dear to make, and a page writes thousands of numbers.
const formatters = new Map();
function number(value, least, most) {
  const key = (least * 10) + most;
  if (!formatters.has(key))
    formatters.set(key, new Intl.NumberFormat('en-US', { minimumFractionDigits: least, maximumFractionDigits: most }));
  return formatters.get(key).format(value);
}

const count = value => number(value, 0, 0);

function unitOf(ms) {
  return ms < 1000 ? [1, 'ms'] : ms < 600000 ? [1000, 's'] : ms < 36000000 ? [60000, 'min'] : [3600000, 'h'];
}

function time(ms) {
  if (ms === null || ms === undefined)
    return '–';
  const [divisor, unit] = unitOf(ms);
  return `${digits(ms / divisor)} ${unit}`;
}

// A place in the traffic: 6:10, or 1:06:10.
function clock(ms) {
  const seconds = Math.floor(ms / 1000);
  const two = value => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  return hours > 0 ? `${hours}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}` : `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
}

// The same with milliseconds, where there are any.
function preciseClock(ms) {
  const rest = Math.round(ms) % 1000;
  return rest === 0 ? clock(Math.round(ms)) : `${clock(ms)}.${String(rest).padStart(3, '0')}`;
}

// Costs of the frontier that differ are told apart: $1.2598 and $1.2629.
const costPlaces = [2, 3, 4].find(places => {
  const costs = data.frontier.map(point => point.costPerMillion.total);
  return new Set(costs.map(cost => cost.toFixed(places))).size === new Set(costs).size;
}) ?? 4;

const cost = value => dollars(value, costPlaces);

function dollars(value, least = 2) {
  if (value === null || value === undefined)
    return '–';
  const places = value === 0 ? 0 : Math.min(6, Math.max(least, 2 - Math.floor(Math.log10(value))));
  return `$${number(value, places, places)}`;
}

// A tick of an axis: no zeros that say nothing.
const dollarTick = value => value === 0 ? '$0' : `$${number(Number(value.toPrecision(3)), 0, 8)}`;

const some = (things, noun) => `${count(things)} ${noun}${things === 1 ? '' : 's'}`;

const knobWords = point => `${some(point.ShardCount, 'shard')}, BatchSize ${count(point.BatchSize)}, window ${point.MaximumBatchingWindowInSeconds} s, ParallelizationFactor ${point.ParallelizationFactor}`;

const percent = share => share === null ? '–' : `${number(share * 100, 0, share > 0 && share < 0.00995 ? placesOfTwo(share * 100) : share < 0.1 ? 1 : 0)} %`;

const half = estimate => (estimate.high - estimate.low) / 2;

const letter = index => index < 26 ? String.fromCharCode(65 + index) : letter(Math.floor(index / 26) - 1) + letter(index % 26);

function theme() {
  const style = getComputedStyle(document.documentElement);
  return name => style.getPropertyValue(`--${name}`).trim();
}

// What every chart has in common.
function frame(colour, more) {
  return {
    animation: false, useUTC: true,          // times count from the beginning of the traffic, in no zone
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: colour('soft') },
    tooltip: {
      confine: true, backgroundColor: colour('card'), borderColor: colour('line'), textStyle: { color: colour('ink'), fontSize: 13 },
      ...more.tooltip,
    },
    ...Object.fromEntries(Object.entries(more).filter(([name]) => name !== 'tooltip')),
  };
}

function axis(colour, more) {
  return {
    axisLine: { lineStyle: { color: colour('line') } }, splitLine: { lineStyle: { color: colour('grid') } }, nameTextStyle: { color: colour('soft') },
    ...more, axisTick: { lineStyle: { color: colour('line') }, ...more.axisTick }, axisLabel: { color: colour('soft'), hideOverlap: true, ...more.axisLabel },
  };
}

function tip(title, rows, note) {
  return el('div', { className: 'tip-body' }, el('strong', {}, title), ...rows.map(([name, value]) => el('div', { className: 'row' }, el('span', {}, name), el('span', {}, value))),
    note ? el('div', { className: 'quiet' }, note) : null);
}

// A finger that drags over a picture wants to scroll; filters and sliders do the rest.
const isTouched = matchMedia('(pointer: coarse)').matches;

const charts = [];

// A chart redraws itself when its room or the colours change. `build` gets the colours and gives options.
function addChart(place, label, build, after = () => {}) {
  place.setAttribute('role', 'img');
  place.setAttribute('aria-label', label);
  const chart = echarts.init(place);
  const draw = () => { chart.setOption(build(theme(), place.clientWidth), true); after(chart); };
  draw();
  let width = place.clientWidth;
  new ResizeObserver(() => {
    if (place.clientWidth === width && place.clientHeight === chart.getHeight())
      return;
    width = place.clientWidth;
    chart.resize();
    draw();
  }).observe(place);
  charts.push({ chart, draw });
  return chart;
}

function redrawAll() {
  for (const { chart, draw } of charts) {
    chart.resize();
    draw();
  }
}

function nothing(place, sentence) {
  place.replaceWith(el('p', { className: 'quiet' }, sentence));
}

// The same figures as text, for those who do not see the picture.
function fallback(place, title, headings, rows) {
  place.after(el('details', {}, el('summary', {}, title), plainTable(headings, rows)));
}
