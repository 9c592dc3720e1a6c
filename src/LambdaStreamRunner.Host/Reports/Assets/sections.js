// What is text: the verdict, the cards, verification, snippets and provenance.
function heading() {
  const { inputs } = data;
  byId('about').textContent = `${inputs.traffic}. ${count(data.inputs.settings)} settings in the grid, ${count(data.exploredCount)} simulated. Made ${inputs.madeAt.slice(0, 16).replace('T', ' ')}.`;
  for (const section of document.querySelectorAll('main section[id] > h2'))
    byId('contents').append(el('a', { href: `#${section.parentElement.id}` }, section.textContent));
  for (const place of document.querySelectorAll('.of-setting'))
    place.textContent = page.settingWords ? `Simulated with ${page.settingWords}.${runsWords()}` : '';
}

// One figure in two places has one number: the mean of all runs, where there were several.
function runsWords() {
  const seed = data.inputs.seeds[0];
  return subject.runs > 1
    ? ` The large numbers that have a ± are means of ${count(subject.runs)} runs with an interval of 95 % confidence; other numbers, and the pictures below, are of one of them (seed ${seed}).`
    : ` All of it is of one run (seed ${seed}).`;
}

const LATENCY_FAR_ABOVE = 3;

function verdict() {
  const place = byId('verdict');
  place.classList.add(data.verdict);
  const point = subject;
  const word = data.verdict === 'none' ? 'no setting fits' : data.verdict;
  place.append(el('div', { className: 'verdict-head' }, el('span', { className: 'badge', id: 'verdict-word' }, word), el('span', {}, page.sentence)));
  if (!data.isComplete)
    place.append(el('p', { className: 'notice' }, 'The search was interrupted: this is the frontier so far.'));
  if (point) {
    const chips = [['ShardCount', count(point.ShardCount)], ['BatchSize', count(point.BatchSize)], ['MaximumBatchingWindowInSeconds', point.MaximumBatchingWindowInSeconds], ['ParallelizationFactor', point.ParallelizationFactor]];
    if (point.BisectBatchOnFunctionError)
      chips.push(['BisectBatchOnFunctionError', 'true']);
    if (point.MaximumRetryAttempts >= 0)
      chips.push(['MaximumRetryAttempts', count(point.MaximumRetryAttempts)]);
    if (point.MaximumRecordAgeInSeconds > 0)
      chips.push(['MaximumRecordAgeInSeconds', count(point.MaximumRecordAgeInSeconds)]);
    if (point.FunctionResponseTypes.length > 0)
      chips.push(['FunctionResponseTypes', point.FunctionResponseTypes.join(', ')]);
    if (point.enhancedFanOut)
      chips.push(['consumer', 'enhanced fan-out']);
    const figures = [['cost per million', cost(point.costPerMillion.total)], ['iterator age p99', withInterval(point.iteratorAgeP99Ms.mean, half(point.iteratorAgeP99Ms))], ['latency p99', withInterval(point.latencyP99Ms.mean, half(point.latencyP99Ms))],
      ['peak concurrency', digits(point.peakConcurrency.mean)], ['duplicates / 1,000', digits(point.duplicatesPerThousand.mean)]];
    if (point.lostPerThousand.mean > 0)
      figures.push(['lost / 1,000', digits(point.lostPerThousand.mean)]);
    place.append(chipList(chips, ''), chipList(figures, 'figure'));
    if (point.latencyP99Ms.mean > LATENCY_FAR_ABOVE * point.iteratorAgeP99Ms.mean)
      place.append(el('p', { className: 'quiet', id: 'age-or-latency' }, `Iterator age is the age of a batch's last record. Those before it waited while the batch filled: that is in the latency, with a p99 of ${time(point.latencyP99Ms.mean)}.`));
  }
  place.append(el('ul', { className: 'advice' }, ...data.advice.map(sentence => el('li', {}, sentence))));
  if (data.otherLanePolicy)
    place.append(otherLanePolicy());
}

const chipList = (chips, className) => el('ul', { className: 'chips' }, ...chips.map(([name, value]) => el('li', { className }, el('small', {}, name), el('strong', {}, value instanceof Node ? value : String(value)))));

// AWS does not say how keys are spread over lanes, so the worse of the two counts.
function otherLanePolicy() {
  const other = data.otherLanePolicy;
  return el('div', { id: 'lane-policies' }, el('p', { className: 'notice' }, 'AWS does not publish how keys are spread over lanes, and here it matters: plan for the worse of the two.'),
    plainTable(['lane policy', 'iterator age p99', 'latency p99', '$ / million', 'duplicates / 1,000', 'peak concurrency'], [subject, other].map(point => [
      point.lanePolicy, withInterval(point.iteratorAgeP99Ms.mean, half(point.iteratorAgeP99Ms)), time(point.latencyP99Ms.mean), dollars(point.costPerMillion.total),
      digits(point.duplicatesPerThousand.mean), digits(point.peakConcurrency.mean)])));
}

function cards() {
  byId('cards').append(...page.cards.map(card => el('article', { className: 'card' }, el('h3', {}, card.title), el('p', { className: 'value' }, card.value),
    el('ul', {}, ...card.details.map(detail => el('li', {}, detail))), el('p', { className: 'hint' }, card.explanation))));
}

function verification() {
  const place = byId('verified');
  if (!data.verification || data.verification.runs.length + data.verification.leftOut.length === 0)
    return nothing(place, 'Not verified yet: everything here is a prediction. With --function NAME --verify the real function runs under the chosen setting and its neighbours.');
  place.append(el('p', {}, page.sentence));
  for (const run of data.verification.runs) {
    place.append(el('h3', {}, `${knobWords(run)} · ${run.clock === 'Wall' ? 'wall time' : 'accelerated'}`),
      plainTable(['figure', 'predicted', 'measured', 'error'], run.figures.map(figure => [figure.name, quantity(figure.predicted, figure.unit), quantity(figure.measured, figure.unit),
        el('span', { className: figure.error < data.verification.errorMax ? 'error-good' : 'error-bad' }, percent(figure.error))])),
      ...run.remarks.map(remark => el('p', { className: 'quiet' }, remark)),
      el('p', { className: 'quiet' }, `Mean error ${percent(run.error)}. The two distributions of latency differ by at most ${percent(run.kolmogorovSmirnov)} (Kolmogorov-Smirnov).`));
  }
  for (const left of data.verification.leftOut)
    place.append(el('p', {}, `${knobWords(left)} · ${left.clock === 'Wall' ? 'wall time' : 'accelerated'}: not run. ${left.why}`));
  place.append(el('p', { className: 'quiet' }, 'Records that always make the function fail, and cold starts, are left out of these runs and of their predictions.'));
}

const quantity = (value, unit) => unit === 'ms' ? time(value) : unit === '' ? digits(value) : `${digits(value)} ${unit}`;

function snippets() {
  const place = byId('snippets');
  if (page.snippets.length === 0)
    return nothing(place, 'No setting was chosen.');
  const tabs = el('div', { className: 'tabs', role: 'tablist', 'aria-label': 'Tool' });
  const panels = page.snippets.map((snippet, index) => snippetPanel(snippet, index));
  const buttons = page.snippets.map((snippet, index) => el('button', { type: 'button', role: 'tab', id: `tab-${index}`, 'aria-controls': `snippet-${index}` }, snippet.name));
  const select = chosen => buttons.forEach((button, index) => {
    button.setAttribute('aria-selected', String(index === chosen));
    button.tabIndex = index === chosen ? 0 : -1;
    panels[index].hidden = index !== chosen;
  });
  buttons.forEach((button, index) => {
    button.addEventListener('click', () => select(index));
    button.addEventListener('keydown', event => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step)
        return;
      const next = (index + step + buttons.length) % buttons.length;
      select(next);
      buttons[next].focus();
    });
  });
  tabs.append(...buttons);
  place.append(tabs, ...panels);
  select(0);
}

function snippetPanel(snippet, index) {
  const text = el('pre', { tabIndex: 0 }, el('code', {}, snippet.text));
  const copy = el('button', { type: 'button', className: 'copy' }, 'Copy');
  copy.addEventListener('click', async () => {
    getSelection().selectAllChildren(text);
    try {
      await navigator.clipboard.writeText(snippet.text);
      copy.textContent = 'Copied';
    } catch {
      copy.textContent = 'Selected: press Ctrl+C';          // a page from a file may not be allowed to write the clipboard
    }
  });
  return el('div', { className: 'snippet', role: 'tabpanel', id: `snippet-${index}`, 'aria-labelledby': `tab-${index}` }, el('h3', {}, snippet.name), copy, text);
}

function provenance() {
  const { inputs } = data;
  const entries = [
    ['command', el('code', {}, inputs.commandLine)], ['traffic', `${inputs.traffic} (${count(inputs.records)} records in ${time(inputs.durationMs)})`],
    ['handler', handlerWords(inputs.handler)], ['failures', failureWords(inputs.failures)],
    ['objective', inputs.objective ?? 'none: the knee was chosen'], ['seeds', inputs.seeds.join(', ')], ['prices', inputs.prices],
    ['settings', `${count(inputs.settings)} in the grid, ${count(data.exploredCount)} simulated, ${count(data.frontier.length)} on the frontier`],
  ];
  byId('inputs').append(el('dl', {}, ...entries.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)])));
  if (data.pruned.length > 0)
    byId('inputs').append(el('h3', { className: 'ruled-out' }, 'Ruled out by theory, never simulated'), plainTable(['settings', 'why'], data.pruned.map(pruned => [count(pruned.count), pruned.reason])));
  for (const cell of byId('inputs').querySelectorAll('td:last-child, th:last-child'))
    cell.className = 'words';
}

function handlerWords(handler) {
  const more = [`${handler.memorySize} MB`, `timeout ${time(handler.timeoutMs)}`];
  if (handler.variations > 0)
    more.push(`${count(handler.variations)} measured variations`);
  if (handler.coldStarts > 0)
    more.push(`${count(handler.coldStarts)} measured cold starts`);
  if (handler.slowDowns.length > 0)
    more.push(`slow-down ${handler.slowDowns.map(slow => `${digits(slow.factor)} at ${slow.concurrency}`).join(', ')}`);
  return `${time(handler.fixedMs)} + ${time(handler.perRecordMs)} per record; ${more.join('; ')}`;
}

function failureWords(failures) {
  const words = [];
  if (failures.poisonRate > 0)
    words.push(`${percent(failures.poisonRate)} of records are poison`);
  if (failures.poisonRecords > 0)
    words.push(`${count(failures.poisonRecords)} poison records`);
  if (failures.transientRate > 0)
    words.push(`${percent(failures.transientRate)} of invocations fail once`);
  if (failures.outages > 0)
    words.push(`${count(failures.outages)} outages`);
  return words.length === 0 ? 'none' : words.join(', ');
}
