import { curlCommand } from './curl-command.js';
import { dialects } from './dialects.js';
import { element, fillOptions } from './element.js';
import { families } from './families.js';
import { fronts } from './fronts.js';
import { earlierTurns } from './keep-turns.js';

/**
 * @typedef {object} FormRequest
 * @property {string} path
 * @property {import('./dialects.js').Dialect} dialect
 * @property {Readonly<Record<string, string>>} headers
 * @property {string} token empty if there is none
 * @property {string} body
 * @property {string} model
 * @property {string} prompt empty if the user wrote the body
 */

const form = {
  front: element('front', HTMLSelectElement),
  dialect: element('dialect', HTMLSelectElement),
  family: element('family', HTMLSelectElement),
  model: element('model', HTMLInputElement),
  models: element('models', HTMLDataListElement),
  prompt: element('prompt', HTMLTextAreaElement),
  system: element('system', HTMLTextAreaElement),
  maxTokens: element('max-tokens', HTMLInputElement),
  temperature: element('temperature', HTMLInputElement),
  token: element('token', HTMLInputElement),
  showToken: element('show-token', HTMLButtonElement),
  stream: element('stream', HTMLInputElement),
  editRaw: element('edit-raw', HTMLInputElement),
  raw: element('raw', HTMLTextAreaElement),
  fault: element('fault', HTMLSelectElement),
  position: element('position', HTMLSelectElement),
  expected: element('expected', HTMLElement),
};

/** The tab keeps the token until it is closed. */
const tokenKey = 'token';
const narrow = '(width < 68rem)';

/** @type {import('../playable-faults.ts').PlayableFaults} */
let faults = { calls: {}, streams: {}, positions: [], expected: {} };

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
  form.token.value = sessionStorage.getItem(tokenKey) ?? '';
  // On a phone, the answer stands below the prompt.
  element('settings', HTMLDetailsElement).open = !matchMedia(narrow).matches;
  form.family.addEventListener('change', chooseFamily);
  form.fault.addEventListener('change', chooseFault);
  form.position.addEventListener('change', showExpected);
  form.editRaw.addEventListener('change', chooseRaw);
  form.token.addEventListener('input', () => sessionStorage.setItem(tokenKey, form.token.value));
  form.showToken.addEventListener('click', toggleToken);
  element('request', HTMLFormElement).addEventListener('input', showCurl);
  await Promise.all([showBackend(), offerFaults()]);
  showCurl();
}

/**
 * Reads the request from the form.
 *
 * @returns {FormRequest}
 */
export function readForm() {
  const dialect = chosen(dialects, ({ name }) => name === form.dialect.value);
  const model = chosenModel();
  const { path, headers, body } = dialect.request({
    front: chosen(fronts, ({ path: own }) => own === form.front.value),
    model,
    conversation: readConversation(),
    stream: form.stream.checked,
    payload: (conversation) => chosenFamily()?.payload(conversation) ?? {},
  });
  const request = { dialect, path, headers: headers ?? {}, token: form.token.value, model };
  return form.editRaw.checked
    ? { ...request, body: form.raw.value, prompt: '' }
    : { ...request, body: JSON.stringify(body, null, 2), prompt: form.prompt.value };
}

/** Shows the shell command for the request. */
export function showCurl() {
  const { path, headers, token, body } = readForm();
  const url = new URL(path, location.href).href;
  element('curl', HTMLPreElement).textContent = curlCommand({ url, hasToken: token !== '', body, headers });
}

/** @returns {import('./conversation.js').Conversation} */
function readConversation() {
  const { value: temperature } = form.temperature;
  return {
    turns: [...earlierTurns(), { role: 'user', text: form.prompt.value }],
    system: form.system.value.trim(),
    maxTokens: form.maxTokens.valueAsNumber || 1,
    ...(temperature !== '' && { temperature: Number(temperature) }),
  };
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
  showExpected();
}

/** The user edits the body that the other fields made. */
function chooseRaw() {
  const isRaw = form.editRaw.checked;
  if (isRaw) {
    form.editRaw.checked = false;
    form.raw.value = readForm().body;
    form.editRaw.checked = true;
  }
  form.prompt.required = !isRaw;
  element('raw-field', HTMLElement).hidden = !isRaw;
  form.prompt.disabled = isRaw;
}

function toggleToken() {
  const isShown = form.token.type === 'text';
  form.token.type = isShown ? 'password' : 'text';
  form.showToken.textContent = isShown ? 'Show' : 'Hide';
  form.showToken.ariaPressed = String(!isShown);
}

/** Says whether Bedrock is emulated. */
async function showBackend() {
  const { isEmulated, line } = await (await fetch('/playground/backend.json')).json();
  const view = element('backend', HTMLElement);
  view.className = isEmulated ? 'emulated' : 'real';
  view.textContent = line;
}

/**
 * Only the emulator can simulate faults. The server sends the list, which is empty for Amazon Bedrock. The faults of a group have the
 * same effect on a client.
 */
async function offerFaults() {
  faults = await (await fetch('/playground/faults.json')).json();
  element('faults', HTMLFieldSetElement).hidden = faults.positions.length === 0;
  const places = { 'before the answer': faults.calls, 'in a stream': faults.streams };
  for (const [place, names] of Object.entries(places)) {
    const codes = [...new Set(Object.keys(names).map((name) => faults.expected[name] ?? ''))].sort();
    for (const code of codes) {
      const group = document.createElement('optgroup');
      group.label = `${place}: ${code === 'done' ? 'no fault for the client' : code}`;
      const alike = Object.keys(names).filter((name) => faults.expected[name] === code);
      group.append(...alike.map((name) => new Option(name.replaceAll('-', ' '), name)));
      form.fault.append(group);
    }
  }
  fillOptions(
    form.position,
    faults.positions.map((position) => ({ name: position.replaceAll('-', ' '), value: position })),
  );
  form.position.value = 'middle';
}

/** Says what a client should see of the chosen fault. */
function showExpected() {
  const code = faults.expected[form.fault.value];
  form.expected.textContent = code === undefined ? '' : `The client should see ${effectOf(code)}.`;
}

/** @param {string} code */
function effectOf(code) {
  if (code === 'done') return 'a whole answer: the input is unusual, and no fault';
  if (form.fault.value in faults.calls) return `an error status with the code ${code}, and no text`;
  if (form.position.value === 'middle') return `the text so far, then an error with the code ${code}, and no end mark`;
  if (form.position.value === 'after-end')
    return `the whole text; then the end mark after a cut, or an error with the code ${code} after an exception`;
  return `an error with the code ${code}, and no text`;
}
