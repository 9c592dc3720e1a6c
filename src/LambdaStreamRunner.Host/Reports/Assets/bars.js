// Bars: the parts of latency, the load of lanes and of keys.
const PARTS = [['poll', 'part-poll'], ['window', 'part-window'], ['waiting', 'part-waiting'], ['handler', 'part-handler'], ['retry', 'part-retry']];

function breakdown() {
  const place = byId('breakdown');
  const { frontier } = settingRows();
  const all = frontier.map((row, index) => ({ row, parts: (data.frontier[index] ?? data.chosen).figures.latencyPartsMs }));
  if (data.nearestFeasible)
    all.unshift({ row: { letter: 'nearest', isChosen: false, isKnee: false }, parts: data.nearestFeasible.figures.latencyPartsMs });
  if (all.length === 0)
    return nothing(place, 'There is no setting to show.');
  const shown = all.slice(0, 14);
  const names = shown.map(({ row }) => row.isChosen ? `${row.letter} (${data.verdict})` : row.isKnee ? `${row.letter} (knee)` : row.letter);
  place.style.height = `${70 + (30 * shown.length)}px`;
  addChart(place, 'Mean latency of each setting of the frontier, split into poll, window, waiting, handler and retry', (colour, width) => frame(colour, {
    grid: { left: width < 560 ? 104 : 132, right: 20, top: 4, bottom: 44 },
    xAxis: axis(colour, { type: 'value', axisLabel: { formatter: time }, name: 'mean latency', nameLocation: 'middle', nameGap: 26 }),
    yAxis: axis(colour, { type: 'category', inverse: true, data: names, axisTick: { show: false }, axisLabel: { interval: 0, color: colour('ink') } }),
    tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' }, formatter: items => partsTip(names[items[0].dataIndex], shown[items[0].dataIndex].parts) },
    series: PARTS.map(([name, hue]) => ({ name, type: 'bar', stack: 'latency', barMaxWidth: 20, itemStyle: { color: colour(hue) }, data: shown.map(({ parts }) => parts[name].mean) })),
  }));
  place.before(legendOf(PARTS));
  fallback(place, 'As a table', ['setting', ...PARTS.map(([name]) => name), 'all'], shown.map(({ parts }, index) =>
    [names[index], ...PARTS.map(([name]) => time(parts[name].mean)), time(PARTS.reduce((sum, [name]) => sum + parts[name].mean, 0))]));
  place.after(el('p', { className: 'quiet' }, 'poll: until the record is read · window: in a free lane, for the batching window · waiting: behind earlier batches of its lane or key · handler: the invocation that settled it · retry: failed attempts, back-off, throttles.'));
}

function partsTip(name, parts) {
  return tip(name, PARTS.map(([part]) => [part, `${time(parts[part].mean)} (p99 ${time(parts[part].p99)})`]));
}

// Where everything is nearly idle, the little that there is fills the picture, and the axis tells how little.
const NEARLY_IDLE = 0.05;

function roundUp(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return Number(([1, 2, 3, 4, 5, 6, 8, 10].find(step => step * power >= value * 0.999) * power).toPrecision(2));
}

function laneLoad() {
  const place = byId('lane-load');
  const lanes = page.lanes ?? [];
  if (lanes.length === 0)
    return nothing(place, 'There are no lanes to show.');
  const names = lanes.map(lane => `${lane.shard}.${lane.number}`);
  const most = Math.max(...lanes.map(lane => lane.busy));
  const top = most === 0 || most > 1 ? Math.max(1, most) : most < NEARLY_IDLE ? roundUp(most) : 1;
  addChart(place, 'Share of time in which each lane has an invocation running', colour => frame(colour, {
    grid: { left: 50, right: 12, top: 14, bottom: 44 },
    xAxis: axis(colour, { type: 'category', data: names, name: 'shard.lane', nameLocation: 'middle', nameGap: 26, axisTick: { show: false } }),
    yAxis: axis(colour, { type: 'value', min: 0, max: top, axisLabel: { formatter: percent } }),
    tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' }, formatter: items => laneTip(lanes[items[0].dataIndex]) },
    series: [{ type: 'bar', barMaxWidth: 34, data: lanes.map(lane => ({ value: lane.busy, itemStyle: { color: lane.busy > 0.9 ? colour('failed') : colour('ok'), borderRadius: [3, 3, 0, 0] } })) }],
  }));
  if (top < 1)
    place.after(el('p', { className: 'quiet' }, `Nearly idle: the axis ends at ${percent(top)}.`));
  fallback(place, 'As a table', ['lane', 'busy', 'records', 'blocked by failures', 'longest block'],
    lanes.map(lane => [`shard ${lane.shard}, lane ${lane.number}`, percent(lane.busy), count(lane.records), time(lane.blockedMs), time(lane.longestBlockMs)]));
}

function laneTip(lane) {
  return tip(`shard ${lane.shard}, lane ${lane.number}`, [['busy', percent(lane.busy)], ['records', count(lane.records)], ['blocked by failures', time(lane.blockedMs)], ['longest block', time(lane.longestBlockMs)]]);
}

const shortened = text => text.length > 18 ? `${text.slice(0, 17)}…` : text;

function hotKeys() {
  const place = byId('hot-keys');
  const keys = subject?.figures.hotKeys ?? data.chosen?.figures.hotKeys ?? [];
  if (keys.length === 0)
    return nothing(place, 'There are no keys to show.');
  const most = Math.max(...keys.map(key => key.laneLoad));
  const isIdle = most > 0 && most < NEARLY_IDLE;
  addChart(place, 'What part of a lane the busiest partition keys need, in full batches', colour => frame(colour, {
    grid: { left: 128, right: 56, top: 22, bottom: 44 },
    xAxis: axis(colour, { type: 'value', min: 0, max: isIdle ? roundUp(most) : Math.ceil(Math.max(1, most) * 5) / 5, name: 'part of a lane that the key alone needs, in full batches', nameLocation: 'middle', nameGap: 26, axisLabel: { formatter: digits } }),
    yAxis: axis(colour, { type: 'category', inverse: true, data: keys.map(key => key.name), axisTick: { show: false }, axisLabel: { formatter: shortened, interval: 0, color: colour('ink') } }),
    tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' }, formatter: items => keyTip(keys[items[0].dataIndex]) },
    series: [{
      type: 'bar', barMaxWidth: 18, data: keys.map(key => ({ value: key.laneLoad, itemStyle: { color: key.laneLoad >= 0.9 ? colour('failed') : key.laneLoad > 0.6 ? colour('partly') : colour('ok'), borderRadius: [0, 3, 3, 0] } })),
      label: { show: true, position: 'right', color: colour('ink'), formatter: ({ value }) => digits(value) },
      markLine: isIdle ? undefined : { silent: true, symbol: 'none', lineStyle: { color: colour('bad'), type: 'dashed' }, label: { formatter: 'one lane', position: 'start', color: colour('bad') }, data: [{ xAxis: 1 }] },
    }],
  }));
  fallback(place, 'As a table', ['key', 'share of records', 'part of a lane'], keys.map(key => [key.name, percent(key.share), digits(key.laneLoad)]));
}

function keyTip(key) {
  return tip(key.name, [['share of records', percent(key.share)], ['part of a lane', digits(key.laneLoad)]], key.laneLoad >= 1 ? 'More than a lane can do: no setting splits a key.' : null);
}
