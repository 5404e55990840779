import { createMeter } from './create-meter.js';
import { element } from './element.js';
import { costOf } from './prices.js';
import { readProblem } from './read-report.js';

/** The page becomes slow with more events, so the oldest ones are removed. */
const maxEvents = 2_000;
const refreshMs = 100;
const cut = 'The stream ended without an end mark and without an error: this answer is incomplete.';

const view = {
  state: element('state', HTMLElement),
  status: element('status', HTMLElement),
  firstText: element('first-text', HTMLElement),
  rate: element('rate', HTMLElement),
  time: element('time', HTMLElement),
  usage: element('usage', HTMLElement),
  stopReason: element('stop-reason', HTMLElement),
  cost: element('cost', HTMLElement),
  answer: element('answer', HTMLElement),
  noCounts: element('no-counts', HTMLElement),
  error: element('error', HTMLElement),
  errorMessage: element('error-message', HTMLElement),
  errorDetails: element('error-details', HTMLElement),
  events: element('events', HTMLOListElement),
};

/**
 * Clears the result, then shows and measures one answer as it arrives.
 *
 * @param {string} model the model id, for the price
 */
export function showResult(model) {
  const meter = createMeter();
  const refresh = setInterval(showMeasures, refreshMs);
  /** @type {import('./read-report.js').Report} */
  let report = {};
  let requestId = '';
  view.answer.replaceChildren();
  view.events.replaceChildren();
  view.error.hidden = true;
  view.noCounts.hidden = true;
  view.status.textContent = '–';
  view.state.textContent = 'waiting';
  view.answer.ariaBusy = 'true';
  showMeasures();
  showReport();

  function showMeasures() {
    const { elapsedMs, firstTextMs, tokensPerSecond } = meter.read();
    view.time.textContent = milliseconds(elapsedMs);
    view.firstText.textContent = firstTextMs === undefined ? '–' : milliseconds(firstTextMs);
    view.rate.textContent = tokensPerSecond === undefined ? '–' : tokensPerSecond.toFixed(0);
  }

  function showReport() {
    const { inputTokens = '–', outputTokens = '–', stopReason = '–' } = report;
    const cost = costOf(model, report);
    view.usage.textContent = inputTokens === outputTokens ? '–' : `${inputTokens} / ${outputTokens}`;
    view.stopReason.textContent = stopReason;
    view.cost.textContent = cost === undefined ? '–' : `$${cost.toFixed(6)}`;
  }

  /** @param {unknown} error the error of the server, or a sentence of this page */
  function showError(error) {
    const problem = readProblem(error);
    view.errorMessage.textContent = problem.message;
    const details = [problem.code, requestId || problem.requestId].filter(Boolean);
    view.errorDetails.textContent = details.join(' · request ');
    view.error.hidden = false;
  }

  /** @param {string} raw */
  function listEvent(raw) {
    const time = document.createElement('time');
    time.textContent = milliseconds(meter.read().elapsedMs);
    const item = document.createElement('li');
    item.append(time, raw);
    if (view.events.childElementCount >= maxEvents) view.events.firstElementChild?.remove();
    view.events.append(item);
    view.events.scrollTop = view.events.scrollHeight;
  }

  return {
    /** @param {Response} response */
    head({ status, statusText, headers }) {
      requestId = headers.get('x-request-id') ?? '';
      view.status.textContent = `${status} ${statusText}`.trim();
      view.state.textContent = 'answering';
    },
    /** @param {import('./read-answer.js').AnswerPiece} piece */
    piece(piece) {
      if (piece.type === 'text') meter.count(piece.text);
      listEvent(piece.raw);
      if (piece.type === 'text' || piece.type === 'whole') view.answer.append(piece.text);
      if (piece.type === 'error') showError(piece.error);
      if (piece.type === 'cut') showError(cut);
      report = { ...report, ...piece.report };
      showReport();
      view.answer.scrollTop = view.answer.scrollHeight;
    },
    /**
     * @param {'done' | 'error' | 'stopped'} state
     * @param {unknown} [error]
     * @returns {string} the text of the answer
     */
    end(state, error) {
      clearInterval(refresh);
      showMeasures();
      if (error !== undefined) showError(error);
      view.state.textContent = state;
      view.noCounts.hidden = state !== 'done' || report.outputTokens !== undefined;
      view.answer.ariaBusy = 'false';
      return view.answer.textContent ?? '';
    },
  };
}

/** @param {number} ms */
function milliseconds(ms) {
  return `${ms.toFixed(0)} ms`;
}
