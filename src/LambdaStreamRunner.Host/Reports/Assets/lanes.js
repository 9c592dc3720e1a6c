// Swim-lanes: which lane ran what, when, and how it ended.
const OUTCOMES = [['succeeded', 'ok'], ['partly failed', 'partly'], ['failed', 'failed'], ['throttled', 'throttled']];
const LANE_HEIGHT = 26;
const MINUTE_MS = 60000;
const BAR_WIDTH_MIN = 3;

function worstMinute() {
  const place = byId('lanes');
  const minute = page.worstMinute;
  if (!minute || minute.spans.length === 0)
    return nothing(place, 'The lanes of the worst minute were not recorded.');
  const names = minute.lanes.map(([shard, lane]) => `shard ${shard} · lane ${lane}`);
  place.style.height = `${Math.max(150, 96 + (LANE_HEIGHT * names.length))}px`;
  // The whole minute, however little ran in it: the one in which the last invocation began.
  const from = Math.floor(Math.max(...minute.spans.map(span => span[1])) / MINUTE_MS) * MINUTE_MS, until = from + MINUTE_MS;
  addChart(place, 'Invocations of each lane over the worst minute', (colour, width) => frame(colour, {
    grid: { left: width < 560 ? 92 : 112, right: 16, top: 6, bottom: 66 },
    xAxis: axis(colour, { type: 'time', min: from, max: until, splitNumber: 6, splitLine: { show: false }, axisLabel: { formatter: preciseClock } }),
    yAxis: axis(colour, { type: 'category', inverse: true, data: names, axisTick: { show: false }, splitLine: { show: false }, splitArea: { show: true, areaStyle: { color: ['transparent', colour('grid')], opacity: 0.5 } }, axisLabel: { hideOverlap: false, interval: 0 } }),
    dataZoom: [{ type: 'inside', filterMode: 'weakFilter', zoomOnMouseWheel: 'ctrl', disabled: isTouched }, { type: 'slider', filterMode: 'weakFilter', height: 18, bottom: 8, borderColor: colour('line'), labelFormatter: preciseClock, textStyle: { color: colour('soft') } }],
    tooltip: { trigger: 'item', formatter: ({ data: span }) => spanTip(span, names) },
    series: [{ type: 'custom', zlevel: 0, renderItem: (params, api) => spanShape(params, api, colour), encode: { x: [1, 2], y: 0 }, data: minute.spans }],
  }));
  place.before(legendOf(OUTCOMES.filter((_, outcome) => minute.spans.some(span => span[5] === outcome)), 'A number on a bar: the attempt. '));
  const failures = minute.spans.filter(span => span[5] !== 0);
  fallback(place, failures.length === 0 ? 'As a table: nothing failed' : `As a table: the ${count(failures.length)} that failed`, ['lane', 'from', 'took', 'records', 'attempt', 'outcome'],
    failures.slice(0, 100).map(span => [names[span[0]], preciseClock(span[1]), time(span[2] - span[1]), count(span[3]), span[4], OUTCOMES[span[5]][0]]));
  if (minute.spans.length < 20)
    place.after(el('p', { className: 'quiet' }, `Only ${some(minute.spans.length, 'invocation')} in this minute: ${minute.spans.map(span => `${names[span[0]]} at ${preciseClock(span[1])} for ${time(span[2] - span[1])}`).slice(0, 3).join('; ')}${minute.spans.length > 3 ? '; …' : '.'}`));
  if (minute.leftOut > 0)
    place.after(el('p', { className: 'quiet' }, `${count(minute.leftOut)} more invocations are not drawn: failures come first, then the longest.`));
}

function spanShape(params, api, colour) {
  const [x, y] = api.coord([api.value(1), api.value(0)]);
  const [end] = api.coord([api.value(2), api.value(0)]);
  const height = Math.min(18, api.size([0, 1])[1] * 0.7);
  const room = params.coordSys;
  const shape = echarts.graphic.clipRectByRect({ x, y: y - (height / 2), width: Math.max(BAR_WIDTH_MIN, end - x - 0.5), height }, room);
  if (!shape)
    return undefined;
  const outcome = api.value(5), attempt = api.value(4);
  const bar = { type: 'rect', shape: { ...shape, r: 2 }, style: { fill: colour(OUTCOMES[outcome][1]) } };
  if (attempt < 2 || shape.width < 12)
    return bar;
  return { type: 'group', children: [bar, { type: 'text', style: { text: String(attempt), x: shape.x + (shape.width / 2), y, fill: '#fff', font: '600 11px sans-serif', textAlign: 'center', textVerticalAlign: 'middle' } }] };
}

function spanTip(span, names) {
  return tip(names[span[0]], [['from', preciseClock(span[1])], ['took', time(span[2] - span[1])], ['records', count(span[3])], ['attempt', span[4]], ['outcome', OUTCOMES[span[5]][0]]]);
}

function legendOf(entries, note) {
  return el('ul', { className: 'legend' }, ...entries.map(([name, colour]) => {
    const swatch = el('i', { 'aria-hidden': 'true' });
    swatch.style.background = `var(--${colour})`;
    return el('li', {}, swatch, name);
  }), note ? el('li', {}, note) : null);
}
