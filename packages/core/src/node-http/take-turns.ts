import { AsyncResource } from 'node:async_hooks';

/**
 * A gate that lets some pieces of work begin in each turn of the event loop. The others wait for the next turns, in their order. Between
 * two turns, the data of answers under way is passed on. Work that waits keeps its own asynchronous context, such as the trace of its
 * request.
 *
 * @param most pieces that begin in one turn
 */
export function takeTurns(most: number): (work: () => void) => void {
  const waiting: (() => void)[] = [];
  let begun = 0;

  function begin(work: () => void): void {
    if (begun === 0) setImmediate(next);
    begun += 1;
    work();
  }

  function next(): void {
    begun = 0;
    for (const work of waiting.splice(0, most)) begin(work);
  }

  return (work) => {
    if (begun < most) begin(work);
    else waiting.push(AsyncResource.bind(work));
  };
}
