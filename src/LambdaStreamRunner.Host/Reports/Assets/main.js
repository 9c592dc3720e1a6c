// The top of the page at once, pictures below it when there is time, so that it opens without delay.
heading();
verdict();
pareto();
cards();
verification();
snippets();
provenance();

const waiting = [course, worstMinute, breakdown, sensitivity, laneLoad, hotKeys];

function drawNext() {
  waiting.shift()?.();
  if (waiting.length > 0)
    requestIdleCallback(drawNext, { timeout: 200 });
  else
    document.documentElement.dataset.drawn = 'true';
}

requestIdleCallback(drawNext, { timeout: 200 });
addEventListener('beforeprint', () => {
  while (waiting.length > 0)
    drawNext();
  redrawAll();
});
addEventListener('afterprint', redrawAll);
for (const query of ['(prefers-color-scheme: dark)', 'print'])
  matchMedia(query).addEventListener('change', redrawAll);
