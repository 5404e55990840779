/** A piece of a tool call for a stream: its opening, or a part of its arguments. */
export type CallPiece =
  | { readonly index: number; readonly id: string; readonly name: string }
  | { readonly index: number; readonly arguments: string };

/**
 * Holds the last piece of each tool call back, until the answer has ended whole. A client runs a call as soon as its arguments parse, and
 * some take no arguments for an empty object: after an error no client may hold a call that it could run.
 */
export interface HeldCalls {
  count(): number;
  /** Begins a call. `block` is its index among the blocks of the answer. */
  start(block: number, id: string, name: string): void;
  /** Takes a piece of arguments, and returns the pieces that can be sent. */
  take(block: number, json: string): readonly CallPiece[];
  /** The pieces that were held, once the answer is whole. */
  release(): readonly CallPiece[];
}

interface HeldCall {
  readonly opening: CallPiece;
  isOpened: boolean;
  /** Arguments that can be sent once every call before this one is opened: clients want the calls in order. */
  ready: string;
  readonly last: HeldPiece;
}

export function createHeldCalls(): HeldCalls {
  const calls = new Map<number, HeldCall>();

  function send(call: HeldCall, json: string): readonly CallPiece[] {
    const { opening, isOpened } = call;
    const piece = { index: opening.index, arguments: json };
    call.isOpened = true;
    call.ready = '';
    return isOpened ? [piece] : [opening, piece];
  }

  return {
    count: () => calls.size,
    start(block, id, name) {
      calls.set(block, {
        opening: { index: calls.size, id, name },
        isOpened: false,
        ready: '',
        last: createHeldPiece(),
      });
    },
    take(block, json) {
      const call = calls.get(block);
      if (!call) return [];
      const ready = call.last.take(json);
      if (ready === '') return [];
      call.ready += ready;
      const before = [...calls.values()].slice(0, call.opening.index);
      return before.every(({ isOpened }) => isOpened) ? send(call, call.ready) : [];
    },
    release() {
      return [...calls.values()].flatMap((call) => send(call, call.ready + call.last.release() || '{}'));
    },
  };
}

/** Holds the last piece of the arguments of one call back. */
export interface HeldPiece {
  /** Takes a piece, and returns what can be sent; empty if nothing can. */
  take(json: string): string;
  /** The piece that is held. */
  release(): string;
}

export function createHeldPiece(): HeldPiece {
  let held = '';
  return {
    take(json) {
      // White space alone adds nothing to what is held: without it the arguments may be complete.
      if (json.trim() === '') {
        held += json;
        return '';
      }
      const ready = held;
      held = json;
      return ready;
    },
    release: () => held,
  };
}
