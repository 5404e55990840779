import { testFront } from '@bedrock-proxy/testing/contract';
import { functionUrl } from './lambda-fronts.ts';

testFront('a Function URL on Node 24', functionUrl());
