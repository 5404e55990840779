import type { Codec } from '../../dialect.js';
import { converseCodec } from '../converse-codec.js';
import { readResponsesRequest } from './responses-request.js';
import { responsesStream } from './responses-stream.js';
import { wholeResponse } from './whole-response.js';

/** The Responses API, without state: a request brings its whole conversation. Every model is asked by Converse. */
export const responsesCodec: Codec = converseCodec({
  read: readResponsesRequest,
  whole: wholeResponse,
  stream: responsesStream,
});
