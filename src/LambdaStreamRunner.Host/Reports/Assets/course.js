// Iterator age, arrivals and concurrency over the traffic, under one another with one time.
function course() {
  const place = byId('course');
  if (page.course.length === 0)
    return nothing(place, 'The course over time was not recorded.');
  const rows = page.course;
  const strips = [
    { name: 'iterator age', column: 2, colour: 'accent', format: time, area: true },
    { name: 'arrivals a second', column: 1, colour: 'part-handler', format: digits },
    { name: 'concurrency in the mean', column: 3, colour: 'knee', format: digits, step: 'middle' },
    { name: 'backlog, records', column: 4, colour: 'part-window', format: digits, area: true },
  ];
  const peak = subject.figures.concurrency.peak;
  addChart(place, 'Iterator age, arrivals, concurrency and backlog over time', (colour, width) => {
    const left = width < 560 ? 58 : 72;
    const tops = ['4%', '29%', '51%', '73%'], heights = ['18%', '15%', '15%', '12%'];
    return frame(colour, {
      axisPointer: { link: [{ xAxisIndex: 'all' }], lineStyle: { color: colour('soft') } },
      grid: strips.map((_, index) => ({ left, right: 16, top: tops[index], height: heights[index] })),
      xAxis: strips.map((_, index) => axis(colour, { type: 'time', gridIndex: index, min: rows[0][0], max: rows.at(-1)[0], splitLine: { show: false }, axisLabel: { show: index === strips.length - 1, formatter: preciseClock } })),
      yAxis: strips.map((strip, index) => axis(colour, { type: 'value', gridIndex: index, name: strip.name, nameTextStyle: { align: 'left', padding: [0, 0, -4, 6], color: colour('ink'), fontWeight: 600 }, nameGap: 8, splitNumber: 2, min: 0, max: strip.column === 3 ? ({ max }) => Math.max(max, subject.figures.concurrency.peak) : undefined, axisLabel: { formatter: strip.format } })),
      dataZoom: [{ type: 'inside', xAxisIndex: 'all', zoomOnMouseWheel: 'ctrl', disabled: isTouched }, { type: 'slider', xAxisIndex: 'all', height: 18, bottom: 4, borderColor: colour('line'), labelFormatter: clock, textStyle: { color: colour('soft') } }],
      tooltip: { trigger: 'axis', formatter: items => courseTip(strips, rows[items[0].dataIndex]) },
      series: strips.map((strip, index) => ({
        name: strip.name, type: 'line', xAxisIndex: index, yAxisIndex: index, symbol: 'none', step: strip.step, lineStyle: { width: 1.6, color: colour(strip.colour) }, itemStyle: { color: colour(strip.colour) },
        areaStyle: strip.area ? { color: colour(strip.colour), opacity: 0.16 } : undefined, data: rows.map(row => [row[0], row[strip.column]]),
        markLine: strip.column === 3 ? peakLine(colour, peak) : strip.column === 2 && page.objectiveMs !== null && page.objectiveMs < 2 * Math.max(...rows.map(row => row[2])) ? {
          silent: true, symbol: 'none', lineStyle: { color: colour('bad'), type: 'dashed' }, label: { formatter: 'objective (p99)', position: 'insideEndTop', color: colour('bad') }, data: [{ yAxis: page.objectiveMs }],
        } : undefined,
      })),
    });
  });
  fallback(place, 'As a table', ['at', ...strips.map(strip => strip.name)], thin(rows, 40).map(row => [clock(row[0]), ...strips.map(strip => strip.format(row[strip.column]))]));
}

// At a low load the mean is nearly nothing while invocations do run at once.
function peakLine(colour, peak) {
  return { silent: true, symbol: 'none', lineStyle: { color: colour('knee'), type: 'dotted' }, label: { formatter: `peak ${count(peak)}`, position: 'insideEndTop', color: colour('knee') }, data: [{ yAxis: peak }] };
}

function courseTip(strips, row) {
  return tip(`at ${clock(row[0])}`, strips.map(strip => [strip.name, strip.format(row[strip.column])]));
}

function thin(rows, most) {
  const step = Math.ceil(rows.length / most);
  return rows.filter((_, index) => index % step === 0);
}
