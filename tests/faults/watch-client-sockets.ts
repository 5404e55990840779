import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

const channel = 'net.client.socket';

/** Watches the TCP sockets that this process opens as a client. */
export function watchClientSockets(): Disposable & { readonly sockets: readonly Socket[]; readonly open: number } {
  const sockets: Socket[] = [];
  const listen = (message: unknown) => sockets.push((message as { readonly socket: Socket }).socket);
  subscribe(channel, listen);
  return {
    sockets,
    get open() {
      return sockets.filter(({ destroyed }) => !destroyed).length;
    },
    [Symbol.dispose]: () => unsubscribe(channel, listen),
  };
}

/** The number of timers that keep this process running. */
export function liveTimers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
}
