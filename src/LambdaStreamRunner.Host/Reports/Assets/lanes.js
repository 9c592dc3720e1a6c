// Swim-lanes: which lane ran what, when, and how it ended.
const OUTCOMES = [['succeeded', 'ok'], ['partly failed', 'partly'], ['failed', 'failed'], ['throttled', 'throttled']];
const LANE_HEIGHT = 26;

function worstMinute() {
  const place = byId('lanes');
  const minute = page.worstMinute;
  if (!minute || minute.spans.length === 0)
    return nothing(place, 'The lanes of the worst minute were not recorded.');
  const names = minute.lanes.map(([shard, lane]) => `shard ${shard} · lane ${lane}`);
  place.style.height = `${Math.max(150, 96 + (LANE_HEIGHT * names.length))}px`;
  const from = Math.min(...minute.spans.map(span => span[1])), until = Math.max(...minute.spans.map(span => span[2]));
  addChart(place, 'Invocations of each lane over the worst minute', (colour, width) => frame(colour, {
    grid: { left: width < 560 ? 92 : 112, right: 16, top: 6, bottom: 66 },
    xAxis: axis(colour, { type: 'value', min: from, max: until, axisLabel: { formatter: clock } }),
    yAxis: axis(colour, { type: 'category', inverse: true, data: names, axisTick: { show: false }, splitLine: { show: false }, splitArea: { show: true, areaStyle: { color: ['transparent', colour('grid')], opacity: 0.5 } }, axisLabel: { hideOverlap: false, interval: 0 } }),
    dataZoom: [{ type: 'inside', filterMode: 'weakFilter', zoomOnMouseWheel: 'ctrl', disabled: isTouched }, { type: 'slider', filterMode: 'weakFilter', height: 18, bottom: 8, borderColor: colour('line'), labelFormatter: clock, textStyle: { color: colour('soft') } }],
    tooltip: { trigger: 'item', formatter: ({ data: span }) => spanTip(span, names) },
    series: [{ type: 'custom', zlevel: 0, renderItem: (params, api) => spanShape(params, api, colour), encode: { x: [1, 2], y: 0 }, data: minute.spans }],
  }));
  place.before(legendOf(OUTCOMES.filter((_, outcome) => minute.spans.some(span => span[5] === outcome)), 'A number on a bar: the attempt. '));
  const failures = minute.spans.filter(span => span[5] !== 0);
  fallback(place, failures.length === 0 ? 'As a table: nothing failed' : `As a table: the ${count(failures.length)} that failed`, ['lane', 'from', 'took', 'records', 'attempt', 'outcome'],
    failures.slice(0, 100).map(span => [names[span[0]], clock(span[1]), time(span[2] - span[1]), count(span[3]), span[4], OUTCOMES[span[5]][0]]));
  if (minute.leftOut > 0)
    place.after(el('p', { className: 'quiet' }, `${count(minute.leftOut)} more invocations are not drawn: failures come first, then the longest.`));
}

function spanShape(params, api, colour) {
  const [x, y] = api.coord([api.value(1), api.value(0)]);
  const [end] = api.coord([api.value(2), api.value(0)]);
  const height = Math.min(18, api.size([0, 1])[1] * 0.7);
  const room = params.coordSys;
  const shape = echarts.graphic.clipRectByRect({ x, y: y - (height / 2), width: Math.max(1, end - x - 0.5), height }, room);
  if (!shape)
    return undefined;
  const outcome = api.value(5), attempt = api.value(4);
  const bar = { type: 'rect', shape: { ...shape, r: 2 }, style: { fill: colour(OUTCOMES[outcome][1]) } };
  if (attempt < 2 || shape.width < 12)
    return bar;
  return { type: 'group', children: [bar, { type: 'text', style: { text: String(attempt), x: shape.x + (shape.width / 2), y, fill: '#fff', font: '600 11px sans-serif', textAlign: 'center', textVerticalAlign: 'middle' } }] };
}

function spanTip(span, names) {
  return tip(names[span[0]], [['from', clock(span[1])], ['took', time(span[2] - span[1])], ['records', count(span[3])], ['attempt', span[4]], ['outcome', OUTCOMES[span[5]][0]]]);
}

function legendOf(entries, note) {
  return el('ul', { className: 'legend' }, ...entries.map(([name, colour]) => {
    const swatch = el('i', { 'aria-hidden': 'true' });
    swatch.style.background = `var(--${colour})`;
    return el('li', {}, swatch, name);
  }), note ? el('li', {}, note) : null);
}
