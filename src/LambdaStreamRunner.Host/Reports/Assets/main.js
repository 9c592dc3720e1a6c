// Text and tables at once, before the library of the pictures is even read; pictures when there is time.
heading();
verdict();
const tradeOff = pareto();
cards();
verification();
snippets();
provenance();

const waiting = [tradeOff, course, worstMinute, breakdown, sensitivity, laneLoad, hotKeys];

function drawNext() {
  waiting.shift()?.();
  if (waiting.length > 0)
    requestIdleCallback(drawNext, { timeout: 200 });
  else
    document.documentElement.dataset.drawn = 'true';
}

addEventListener('DOMContentLoaded', () => requestIdleCallback(drawNext, { timeout: 200 }));
addEventListener('beforeprint', () => {
  while (waiting.length > 0)
    drawNext();
  redrawAll();
});
addEventListener('afterprint', redrawAll);
for (const query of ['(prefers-color-scheme: dark)', 'print'])
  matchMedia(query).addEventListener('change', redrawAll);
