/**
 * An element of the page, as what it is. Throws where the page holds no such element.
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
 * Fills a list with options; a text stands for itself.
 *
 * @param {HTMLSelectElement | HTMLDataListElement} list
 * @param {readonly (string | { readonly name: string, readonly value: string })[]} options
 */
export function fillOptions(list, options) {
  const made = options.map((option) =>
    typeof option === 'string' ? new Option(option) : new Option(option.name, option.value),
  );
  list.replaceChildren(...made);
}
