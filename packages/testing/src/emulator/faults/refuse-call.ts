import { type ExceptionName, exceptionReply } from '../emulated-exception.js';
import type { EmulatorReply } from '../emulator-reply.js';
import type { CallFault } from './fault-names.js';

const refusals: Readonly<
  Record<Exclude<CallFault, 'silence' | `${string}-before-head` | 'gateway-502'>, ExceptionName>
> = {
  'http-400': 'ValidationException',
  'http-403': 'AccessDeniedException',
  'http-404': 'ResourceNotFoundException',
  'http-408': 'ModelTimeoutException',
  'http-424': 'ModelErrorException',
  'http-429': 'ThrottlingException',
  'http-500': 'InternalServerException',
  'http-503': 'ServiceUnavailableException',
  'quota-exceeded': 'ServiceQuotaExceededException',
  'model-not-ready': 'ModelNotReadyException',
};

/** The reply for a fault of a call before its answer begins. */
export function refuseCall(fault: CallFault): EmulatorReply {
  switch (fault) {
    case 'silence':
      return 'stall';
    case 'reset-before-head':
      return 'reset';
    case 'close-before-head':
      return 'close';
    case 'gateway-502':
      return {
        status: 502,
        headers: { 'content-type': 'text/html' },
        body: [Buffer.from('<html><body><h1>502 Bad Gateway</h1></body></html>\n')],
      };
    default:
      return exceptionReply(refusals[fault], 'The emulator plays a refusal.');
  }
}
