// Small multiples: for each knob, iterator age above and cost below.
function sensitivity() {
  const place = byId('knobs');
  if (data.sensitivity.length === 0)
    return nothing(place, 'No knob was varied around the choice.');
  for (const knob of data.sensitivity) {
    const chart = el('div', { className: 'chart' });
    place.append(el('div', {}, el('h3', {}, ...breakable(knob.knob)), chart));
    addChart(chart, `Iterator age and cost for each value of ${knob.knob}`, colour => knobOptions(colour, knob));
    fallback(chart, 'As a table', [knob.knob, 'iterator age p99', '$ / million', 'duplicates / 1,000'], knob.steps.map(step => step.point
      ? [`${step.value}${step.isChosen ? ' (now)' : ''}`, withInterval(step.point.iteratorAgeP99Ms.mean, half(step.point.iteratorAgeP99Ms)), dollars(step.point.costPerMillion.total), digits(step.point.duplicatesPerThousand.mean)]
      : [step.value, 'not stable', '–', '–']));
  }
}

// AWS's long names break between their words.
const breakable = name => name.split(/(?=[A-Z])/).flatMap((word, index) => index === 0 ? [word] : [el('wbr'), word]);

const FAR_APART = 10;

// Logarithmic as in the trade-off where values are far apart: one that is far off leaves the others apart.
function knobScale(values, most, format) {
  const positive = values.filter(value => value > 0);
  return Math.max(...positive) < FAR_APART * Math.min(...positive) || positive.length === 0 ? { type: 'value', min: 0, splitNumber: 3, ...positive.length > 0 ? { max: roundUp(1.05 * Math.max(...positive)) } : {}, axisLabel: { formatter: format } } : { type: 'log', logBase: 10, ...logTicks(extent(positive), most, format) };
}

function knobOptions(colour, knob) {
  const values = knob.steps.map(step => step.value);
  const unstable = knob.steps.filter(step => !step.isStable).map(step => step.value);
  const strips = [
    { name: 'iterator age p99', hue: 'accent', format: time, of: step => step.point?.iteratorAgeP99Ms.mean ?? null },
    { name: '$ per million', hue: 'part-handler', format: dollarTick, of: step => step.point?.costPerMillion.total ?? null },
  ];
  const scales = strips.map((strip, index) => knobScale([...knob.steps.map(strip.of), index === 0 ? page.objectiveMs : null], 4, strip.format));
  return frame(colour, {
    grid: [{ left: 62, right: 14, top: 32, height: 92 }, { left: 62, right: 14, top: 172, height: 92 }],
    axisPointer: { link: [{ xAxisIndex: 'all' }] },
    xAxis: strips.map((_, index) => axis(colour, { type: 'category', gridIndex: index, data: values, boundaryGap: true, axisLabel: { show: index === 1, hideOverlap: true } })),
    yAxis: strips.map((strip, index) => axis(colour, { gridIndex: index, name: strip.name, nameGap: 14, nameTextStyle: { align: 'left', padding: [0, 0, 0, -52], color: colour('ink'), fontWeight: 600 }, ...scales[index] })),
    tooltip: { trigger: 'axis', formatter: items => knobTip(knob, knob.steps[items[0].dataIndex]) },
    series: [...strips.map((strip, index) => ({
      name: strip.name, type: 'line', xAxisIndex: index, yAxisIndex: index, connectNulls: false, lineStyle: { color: colour(strip.hue), width: 2 }, itemStyle: { color: colour(strip.hue) }, showAllSymbol: true,
      data: knob.steps.map(step => ({ value: strip.of(step), symbol: 'circle', symbolSize: step.isChosen ? 14 : 6, itemStyle: step.isChosen ? { color: colour('good'), borderColor: colour('card'), borderWidth: 2 } : undefined })),
      markLine: index > 0 || page.objectiveMs === null ? undefined : { silent: true, symbol: 'none', lineStyle: { color: colour('bad'), type: 'dashed' }, label: { show: false }, data: [{ yAxis: page.objectiveMs }] },
    })), ...[0, 1].map(index => crosses(colour, unstable, index, scales[index].min))],
  });
}

// Where there is no figure because nothing settles down.
function crosses(colour, unstable, index, bottom) {
  return {
    name: 'not stable', type: 'scatter', xAxisIndex: index, yAxisIndex: index, silent: true, symbol: 'path://M4 0 0 4 16 20 0 36 4 40 20 24 36 40 40 36 24 20 40 4 36 0 20 16z', symbolSize: 11, symbolOffset: [0, -8],
    itemStyle: { color: colour('bad') }, data: unstable.map(value => [value, bottom]),
  };
}

function knobTip(knob, step) {
  if (!step.point)
    return tip(`${knob.knob} ${step.value}`, [], 'Not stable: records come faster than they are processed.');
  return tip(`${knob.knob} ${step.value}`, [
    ['iterator age p99', `${time(step.point.iteratorAgeP99Ms.low)} – ${time(step.point.iteratorAgeP99Ms.high)}`], ['latency p99', time(step.point.latencyP99Ms.mean)],
    ['$ per million', dollars(step.point.costPerMillion.total)], ['duplicates per 1,000', digits(step.point.duplicatesPerThousand.mean)], ['peak concurrency', digits(step.point.peakConcurrency.mean)],
  ], step.isChosen ? 'The chosen value.' : null);
}
