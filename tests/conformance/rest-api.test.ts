import { testFront } from '@bedrock-proxy/testing/contract';
import { restApi } from './lambda-fronts.ts';

testFront('a REST API on Node 24', restApi());
