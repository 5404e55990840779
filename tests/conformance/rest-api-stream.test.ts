import { testFront } from '@bedrock-proxy/testing/contract';
import { restApiStream } from './lambda-fronts.ts';

testFront('a streaming REST API on Node 24', restApiStream());
