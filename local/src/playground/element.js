/**
 * Returns an element of the page with its type. Throws if the page has no such element.
 *
 * @template {HTMLElement} Kind
 * @param {string} id
 * @param {new () => Kind} kind
 * @returns {Kind}
 */
export function element(id, kind) {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new TypeError(`The page has no ${kind.name} #${id}.`);
  return found;
}

/**
 * Replaces the options of a list. A text is both the name and the value of an option.
 *
 * @param {HTMLSelectElement | HTMLDataListElement} list
 * @param {readonly (string | { readonly name: string, readonly value: string })[]} options
 */
export function fillOptions(list, options) {
  const elements = options.map((option) =>
    typeof option === 'string' ? new Option(option) : new Option(option.name, option.value),
  );
  list.replaceChildren(...elements);
}
