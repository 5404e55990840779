import { EventEmitter } from 'node:events';

/** What Portkey's gateway gives to the server of `@hono/node-server`. */
interface Gateway {
  fetch(request: Request, environment: object): Response | Promise<Response>;
}

let served: Gateway | undefined;

/** Takes the place of `serve` in the bundle of Portkey's gateway, and keeps the gateway instead of listening. */
export function serve(gateway: Gateway): EventEmitter {
  served = gateway;
  return new EventEmitter();
}

export function gateway(): Gateway {
  if (!served) throw new Error("Portkey's gateway did not start.");
  return served;
}
