import { createMeter } from './create-meter.js';
import { element } from './element.js';

/** The page becomes slow with more events, so the oldest ones are removed. */
const maxEvents = 2_000;
const refreshMs = 100;

const view = {
  state: element('state', HTMLElement),
  status: element('status', HTMLElement),
  firstText: element('first-text', HTMLElement),
  rate: element('rate', HTMLElement),
  time: element('time', HTMLElement),
  answer: element('answer', HTMLElement),
  error: element('error', HTMLPreElement),
  events: element('events', HTMLOListElement),
};

/** Clears the result, then shows and measures one answer as it arrives. */
export function showResult() {
  const meter = createMeter();
  const refresh = setInterval(showMeasures, refreshMs);
  view.answer.replaceChildren();
  view.events.replaceChildren();
  view.error.hidden = true;
  view.status.textContent = '–';
  view.state.textContent = 'waiting';
  view.answer.ariaBusy = 'true';
  showMeasures();

  function showMeasures() {
    const { elapsedMs, firstTextMs, tokensPerSecond } = meter.read();
    view.time.textContent = milliseconds(elapsedMs);
    view.firstText.textContent = firstTextMs === undefined ? '–' : milliseconds(firstTextMs);
    view.rate.textContent = tokensPerSecond === undefined ? '–' : tokensPerSecond.toFixed(0);
  }

  /** @param {unknown} error the error of the server, or a sentence of this page */
  function showError(error) {
    view.error.textContent = typeof error === 'string' ? error : JSON.stringify(error, null, 2);
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
    head({ status, statusText }) {
      view.status.textContent = `${status} ${statusText}`.trim();
      view.state.textContent = 'answering';
    },
    /** @param {import('./read-answer.js').AnswerPiece} piece */
    piece(piece) {
      if (piece.type === 'text') meter.count(piece.text);
      listEvent(piece.raw);
      if (piece.type === 'text') view.answer.append(piece.text);
      if (piece.type === 'whole') view.answer.append(piece.body);
      if (piece.type === 'error') showError(piece.error);
      if (piece.type === 'cut')
        showError('The stream ended without an end mark and without an error: this answer is incomplete.');
      view.answer.scrollTop = view.answer.scrollHeight;
    },
    /**
     * @param {'done' | 'error' | 'stopped'} state
     * @param {unknown} [error]
     */
    end(state, error) {
      clearInterval(refresh);
      showMeasures();
      if (error !== undefined) showError(error);
      view.state.textContent = state;
      view.answer.ariaBusy = 'false';
    },
  };
}

/** @param {number} ms */
function milliseconds(ms) {
  return `${ms.toFixed(0)} ms`;
}
