// Cost against iterator age: explored settings grey, the frontier a line, the choice a star.
function settingRows() {
  const frontier = [...data.frontier];
  if (data.chosen && page.chosenIndex < 0)
    frontier.push(data.chosen);
  const chosen = page.chosenIndex < 0 ? frontier.length - 1 : page.chosenIndex;
  const rows = frontier.map((point, index) => ({
    order: index, letter: letter(index), isChosen: data.chosen !== null && index === chosen, isKnee: index === page.kneeIndex,
    shards: point.ShardCount, batchSize: point.BatchSize, window: point.MaximumBatchingWindowInSeconds, factor: point.ParallelizationFactor,
    cost: point.costPerMillion.total, age: point.iteratorAgeP99Ms.mean, low: point.iteratorAgeP99Ms.low, high: point.iteratorAgeP99Ms.high,
    ageHalf: half(point.iteratorAgeP99Ms), latency: point.latencyP99Ms.mean, duplicates: point.duplicatesPerThousand.mean,
    concurrency: point.peakConcurrency.mean, batch: point.meanBatchSize,
    others: othersOf(point), words: `${knobWords(point)}${othersOf(point) ? `, ${othersOf(point)}` : ''}`,
  }));
  const explored = page.explored.map(([cost, age, latency, duplicates, concurrency, batch, shards, batchSize, window, factor, others], index) => ({
    order: frontier.length + index, letter: null, isChosen: false, isKnee: false, shards, batchSize, window, factor, others,
    cost, age, low: age, high: age, ageHalf: 0, latency, duplicates, concurrency, batch, words: wordsOf({ shards, batchSize, window, factor, others }),
  }));
  return { frontier: rows, explored };
}

const wordsOf = row => `${some(row.shards, 'shard')}, BatchSize ${count(row.batchSize)}, window ${row.window} s, ParallelizationFactor ${row.factor}${row.others ? `, ${row.others}` : ''}`;

// What a setting has that not all of them have.
function othersOf(point) {
  const all = [
    point.enhancedFanOut && 'enhanced fan-out', point.BisectBatchOnFunctionError && 'bisect', ...point.FunctionResponseTypes,
    point.MaximumRetryAttempts >= 0 && `retries ${point.MaximumRetryAttempts}`, point.MaximumRecordAgeInSeconds > 0 && `record age ${point.MaximumRecordAgeInSeconds} s`,
    point.lanePolicy === 'DynamicKeys' && point.lanePolicy,
  ];
  const common = page.common.split(', ');
  return all.filter(word => word && !common.includes(word)).join(', ');
}

// What the colour of a point may tell; one that is the same for all tells nothing.
const COLOURINGS = [{ figure: 'duplicates', name: 'duplicates per 1,000', unit: 'duplicates per 1,000' }, { figure: 'concurrency', name: 'peak concurrency', unit: 'at once' }];

// The table at once; what is given back draws the picture, when the library is there.
function pareto() {
  const { frontier, explored } = settingRows();
  if (frontier.length + explored.length === 0) {
    nothing(byId('pareto'), 'No setting was simulated: theory ruled all of them out. The reasons are at the end.');
    return () => {};
  }
  const all = [...frontier, ...explored];
  const varying = COLOURINGS.filter(({ figure }) => new Set(frontier.map(row => row[figure])).size > 1);
  let picked = null;
  let area = null;
  let filters = null;
  let chart = null;
  const table = settingsTable(byId('settings'), all, row => {
    picked = row;
    redraw();
  });
  filters = paretoFilters(refresh, redraw, varying);

  refresh();
  return draw;

  function draw() {
    chart = addChart(byId('pareto'), 'Scatter plot of cost per million records against the 99th percentile of iterator age, one point for each setting', options, arm);
    chart.on('brushEnd', event => {
      // A click is no area: it picks a point, and takes a brush away.
      const brushed = event.areas[0];
      const range = brushed && brushed.range.every(([from, to]) => to - from > 3) ? brushed.coordRange : null;
      area = range ? { cost: range[0], age: range[1] } : null;
      refresh();
    });
    chart.on('click', event => {
      const row = all[event.data?.order];
      if (row) {
        picked = row;
        table.pick(picked);
        redraw();
      }
    });
  }

  function redraw() {
    if (!chart)
      return;
    chart.setOption(options(theme(), chart.getWidth()), true);
    arm();
  }

  // Dragging brushes at once, without a button before.
  function arm(drawn = chart) {
    if (isTouched)
      return;
    drawn.dispatchAction({ type: 'takeGlobalCursor', key: 'brush', brushOption: { brushType: 'rect', brushMode: 'single' } });
  }

  function refresh(clear) {
    if (clear) {
      area = null;
      chart?.dispatchAction({ type: 'brush', areas: [] });
    }
    const { costMax, ageMax, withExplored } = filters?.values() ?? {};
    const within = row => (!area || (row.cost >= area.cost[0] && row.cost <= area.cost[1] && row.age >= area.age[0] && row.age <= area.age[1]))
      && !(row.cost > costMax) && !(row.age > ageMax);
    const wanted = withExplored ? all : frontier;
    table.show(wanted.filter(within), wanted);
  }

  function options(colour, width) {
    const narrow = width < 560;
    const colouring = COLOURINGS.find(({ figure }) => figure === filters?.values().colouredBy) ?? varying[0] ?? COLOURINGS[0];
    const colouredBy = colouring.figure;
    const values = frontier.map(row => row[colouredBy] ?? 0);
    // The frontier fills the picture; who wants to see the whole search says so.
    const seen = frontier.length === 0 || filters?.values().withExplored ? all : frontier;
    const span = { cost: extent(seen.map(row => row.cost)), age: extent([...seen.flatMap(row => [row.low, row.high]), ...page.objectiveMs === null ? [] : [page.objectiveMs]]) };
    return frame(colour, {
      grid: { left: narrow ? 52 : 72, right: narrow ? 12 : 24, top: 54, bottom: 76 },
      toolbox: { show: false, feature: { brush: { type: ['rect', 'clear'] } } },
      brush: {
        xAxisIndex: 0, yAxisIndex: 0, seriesIndex: [1], throttleType: 'debounce', throttleDelay: 100, transformable: false,
        brushStyle: { borderWidth: 1.5, color: 'rgba(90,150,220,.14)', borderColor: colour('accent') }, outOfBrush: { colorAlpha: 0.25 },
      },
      legend: {
        top: 0, left: 0, itemGap: narrow ? 8 : 14, itemWidth: 16, textStyle: { color: colour('soft') },
        data: ['frontier', ...explored.length ? ['explored'] : [], ...data.chosen ? [data.verdict] : [], ...page.kneeIndex >= 0 ? ['knee'] : []],
      },
      visualMap: {
        show: varying.includes(colouring), type: 'continuous', seriesIndex: [1], dimension: 2, min: Math.min(0, ...values), max: Math.max(...values) || 1, orient: 'horizontal', left: narrow ? 4 : 72, bottom: 0,
        itemHeight: narrow ? 70 : 110, itemWidth: 12, text: [`${digits(Math.max(...values))} ${colouring.unit}`, digits(Math.min(0, ...values))], textStyle: { color: colour('soft') },
        inRange: { color: [colour('low'), colour('high')] }, formatter: value => digits(value),
      },
      xAxis: axis(colour, { type: 'log', logBase: 10, name: 'US dollars per million records', nameLocation: 'middle', nameGap: 26, ...logTicks(span.cost, narrow ? 4 : 9, dollarTick) }),
      yAxis: axis(colour, { type: 'log', logBase: 10, name: 'iterator age p99', nameLocation: 'end', nameGap: 8, nameTextStyle: { align: 'left', padding: [0, 0, 0, narrow ? -44 : -62], color: colour('soft') }, ...logTicks(span.age, 9, time) }),
      tooltip: { trigger: 'item', formatter: ({ data: item }) => item?.order === undefined ? '' : settingTip(all[item.order]) },
      series: [
        { name: 'explored', type: 'scatter', symbolSize: 6, itemStyle: { color: colour('grey-point'), opacity: 0.45 }, data: explored.map(row => itemOf(row, colouredBy)) },
        frontierSeries(colour, frontier, colouredBy),
        lineSeries(colour, frontier),
        barsSeries(colour, frontier),
        ...marks(colour, frontier, picked),
      ],
    });
  }
}

// A logarithmic axis shorter than a few decades needs more ticks than the powers of ten.
function logTicks({ min, max }, most, formatter) {
  for (const steps of [[1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 5, 7], [1, 2, 5], [1, 3], [1]]) {
    const ticks = [];
    for (let power = Math.floor(Math.log10(min)); 10 ** power <= max; power++)
      ticks.push(...steps.map(step => Number((step * 10 ** power).toPrecision(2))));
    const customValues = ticks.filter(tick => tick >= min && tick <= max);
    if (customValues.length <= most || steps.length === 1)
      return { min, max, axisTick: { customValues }, splitLine: { show: false }, axisLabel: { customValues, formatter } };
  }
}

// The library copies what it is given: numbers only.
const itemOf = (row, colouredBy) => ({ value: [row.cost, row.age, row[colouredBy]], order: row.order });

function extent(values) {
  const positive = values.filter(value => value > 0);
  const low = Math.min(...positive), high = Math.max(...positive);
  const room = Math.max(1.1, (high / low) ** 0.1);
  return { min: low / room, max: high * room };
}

function settingTip(row) {
  return tip(`${row.letter ? `${row.letter}: ` : ''}${row.words}`, [
    ['cost per million', cost(row.cost)], ['iterator age p99', row.ageHalf ? `${time(row.low)} – ${time(row.high)}` : time(row.age)], ['latency p99', time(row.latency)],
    ['duplicates per 1,000', digits(row.duplicates)], ['peak concurrency', digits(row.concurrency)], ['mean batch', digits(row.batch)],
  ], row.letter ? null : 'off the frontier; an estimate of one run');
}

function frontierSeries(colour, frontier, colouredBy) {
  return {
    name: 'frontier points', type: 'scatter', z: 5, symbolSize: 15, itemStyle: { borderColor: colour('card'), borderWidth: 1.5 },
    label: { show: true, formatter: ({ data: item }) => frontier[item.order].letter, position: 'top', distance: 4, color: colour('ink'), fontWeight: 600, fontSize: 12 },
    labelLayout: { moveOverlap: 'shiftY' },
    data: frontier.map(row => itemOf(row, colouredBy)),
    markLine: page.objectiveMs === null ? undefined : {
      silent: true, symbol: 'none', lineStyle: { color: colour('bad'), type: 'dashed', width: 1.5 },
      label: { formatter: `objective ${data.inputs.objective}`, position: 'insideEndTop', color: colour('bad') }, data: [{ yAxis: page.objectiveMs }],
    },
  };
}

function lineSeries(colour, frontier) {
  const line = [...frontier].sort((one, other) => one.cost - other.cost);
  return { name: 'frontier', type: 'line', step: 'end', silent: true, symbol: 'none', z: 3, lineStyle: { color: colour('accent'), width: 2 }, itemStyle: { color: colour('accent') }, data: line.map(row => [row.cost, row.age]) };
}

// Confidence intervals: a stroke with two ends.
function barsSeries(colour, frontier) {
  return {
    name: 'confidence', type: 'custom', silent: true, zlevel: 0, z: 7, encode: { x: 0, y: [1, 2] },
    data: frontier.filter(row => row.ageHalf > 0).map(row => [row.cost, row.low, row.high]),
    renderItem(_, api) {
      const [x, low] = api.coord([api.value(0), api.value(1)]);
      const [, high] = api.coord([api.value(0), api.value(2)]);
      const stroke = { stroke: colour('ink'), lineWidth: 1.2 };
      const line = (x1, y1, x2, y2) => ({ type: 'line', shape: { x1, y1, x2, y2 }, style: stroke });
      return { type: 'group', children: [line(x, low, x, high), line(x - 4, low, x + 4, low), line(x - 4, high, x + 4, high)] };
    },
  };
}

const STAR = 'path://M12 1.5l3.2 6.9 7.5.9-5.6 5.1 1.5 7.4L12 18.1l-6.6 3.7 1.5-7.4L1.3 9.3l7.5-.9z';

function marks(colour, frontier, picked) {
  const ring = (name, rows, look) => ({ name, type: 'scatter', silent: true, z: 6, itemStyle: { color: 'transparent', borderWidth: 2.5, ...look.item }, symbol: look.symbol, symbolSize: look.size, data: rows.map(row => [row.cost, row.age]) });
  return [
    ring(data.verdict, frontier.filter(row => row.isChosen), { symbol: STAR, size: 26, item: { color: colour('good'), borderColor: colour('card'), borderWidth: 1.5 } }),
    ring('knee', frontier.filter(row => row.isKnee), { symbol: 'circle', size: 27, item: { borderColor: colour('knee') } }),
    ring('picked', picked ? [picked] : [], { symbol: 'circle', size: 34, item: { borderColor: colour('accent'), borderWidth: 3 } }),
  ];
}

// The same as brushing, for the keyboard; and what the colours say.
function paretoFilters(refresh, redraw, varying) {
  const cost = el('input', { type: 'number', min: 0, step: 'any', id: 'cost-max', placeholder: 'any' });
  const age = el('input', { type: 'number', min: 0, step: 'any', id: 'age-max', placeholder: 'any' });
  const off = el('input', { type: 'checkbox', id: 'with-explored' });
  const colour = el('select', { id: 'coloured-by' }, ...varying.map(({ figure, name }) => el('option', { value: figure }, name)));
  const all = el('button', { type: 'button', id: 'show-all' }, 'Show all');
  const left = page.exploredLeftOut > 0 ? ` (a sample: ${count(page.exploredLeftOut)} more are not drawn)` : '';
  byId('filters').append(
    el('label', {}, 'at most $ per million', cost), el('label', {}, 'iterator age p99 at most, s', age), varying.length > 0 ? el('label', {}, 'colour by', colour) : '',
    el('label', { className: 'check' }, off, `the whole search, not only the frontier${left}`), all);
  byId('filters').addEventListener('submit', event => event.preventDefault());
  for (const input of [cost, age])
    input.addEventListener('input', () => refresh());
  off.addEventListener('input', () => {
    redraw();
    refresh();
  });
  colour.addEventListener('change', redraw);
  all.addEventListener('click', () => {
    cost.value = age.value = '';
    refresh(true);
  });
  return {
    values: () => ({ costMax: cost.value === '' ? Infinity : Number(cost.value), ageMax: age.value === '' ? Infinity : Number(age.value) * 1000, withExplored: off.checked, colouredBy: colour.value }),
  };
}
