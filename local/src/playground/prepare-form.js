import { curlCommand } from './curl-command.js';
import { dialects } from './dialects.js';
import { element, fillOptions } from './element.js';
import { families } from './families.js';
import { fronts } from './fronts.js';

/**
 * @typedef {object} FormRequest
 * @property {string} path
 * @property {import('./dialects.js').Dialect} dialect
 * @property {Readonly<Record<string, string>>} headers
 * @property {string} token empty if there is none
 * @property {string} body
 */

const form = {
  front: element('front', HTMLSelectElement),
  dialect: element('dialect', HTMLSelectElement),
  family: element('family', HTMLSelectElement),
  model: element('model', HTMLInputElement),
  models: element('models', HTMLDataListElement),
  prompt: element('prompt', HTMLTextAreaElement),
  token: element('token', HTMLInputElement),
  stream: element('stream', HTMLInputElement),
  fault: element('fault', HTMLSelectElement),
  position: element('position', HTMLSelectElement),
};

/** @type {import('../playable-faults.ts').PlayableFaults} */
let faults = { calls: {}, streams: {}, positions: [] };

/** Fills the form and updates it when the user changes a field. */
export async function prepareForm() {
  fillOptions(
    form.front,
    fronts.map(({ name, path }) => ({ name, value: path })),
  );
  fillOptions(
    form.dialect,
    dialects.map(({ name }) => name),
  );
  fillOptions(
    form.family,
    families.map(({ name }) => name),
  );
  chooseFamily();
  form.family.addEventListener('change', chooseFamily);
  form.fault.addEventListener('change', chooseFault);
  element('request', HTMLFormElement).addEventListener('input', showCurl);
  await offerFaults();
  showCurl();
}

/**
 * Reads the request from the form.
 *
 * @returns {FormRequest}
 */
export function readForm() {
  const dialect = chosen(dialects, ({ name }) => name === form.dialect.value);
  const { path, headers, body } = dialect.request({
    front: chosen(fronts, ({ path: own }) => own === form.front.value),
    model: chosenModel(),
    prompt: form.prompt.value,
    stream: form.stream.checked,
    payload: (prompt) => chosenFamily()?.payload(prompt) ?? {},
  });
  return { dialect, path, headers: headers ?? {}, token: form.token.value, body: JSON.stringify(body, null, 2) };
}

/**
 * The item that a list of the form shows; the first one before the form is filled.
 *
 * @template Item
 * @param {readonly Item[]} items
 * @param {(item: Item) => boolean} isChosen
 * @returns {Item}
 */
function chosen(items, isChosen) {
  const item = items.find(isChosen) ?? items[0];
  if (item === undefined) throw new TypeError('The list is empty.');
  return item;
}

function chosenFamily() {
  return families.find(({ name }) => name === form.family.value);
}

/** The model id triggers a simulated fault, so a chosen fault replaces the chosen model. */
function chosenModel() {
  const { value } = form.fault;
  return faults.calls[value] ?? faults.streams[value]?.[form.position.value] ?? form.model.value;
}

function chooseFamily() {
  const models = chosenFamily()?.models ?? [];
  fillOptions(form.models, models);
  form.model.value = models[0] ?? '';
  showCurl();
}

function chooseFault() {
  form.position.disabled = !(form.fault.value in faults.streams);
  form.model.disabled = form.fault.value !== '';
}

/** Only the emulator can simulate faults. The server sends the list, which is empty for Amazon Bedrock. */
async function offerFaults() {
  faults = await (await fetch('/playground/faults.json')).json();
  element('faults', HTMLFieldSetElement).hidden = faults.positions.length === 0;
  const groups = { 'before the answer': faults.calls, 'in a stream': faults.streams };
  for (const [label, names] of Object.entries(groups)) {
    const group = document.createElement('optgroup');
    group.label = label;
    group.append(...Object.keys(names).map((name) => new Option(name.replaceAll('-', ' '), name)));
    form.fault.append(group);
  }
  fillOptions(
    form.position,
    faults.positions.map((position) => ({ name: position.replaceAll('-', ' '), value: position })),
  );
  form.position.value = 'middle';
}

function showCurl() {
  const { path, headers, token, body } = readForm();
  const url = new URL(path, location.href).href;
  element('curl', HTMLPreElement).textContent = curlCommand({ url, hasToken: token !== '', body, headers });
}
