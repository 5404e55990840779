import { testFront } from '@bedrock-proxy/testing/contract';
import { httpApi } from './lambda-fronts.ts';

testFront('an HTTP API on Node 24', httpApi());
