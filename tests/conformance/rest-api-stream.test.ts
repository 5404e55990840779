import { testFront } from '@bedrock-proxy/testing/contract';
import { restApiStream } from './lambda-fronts.ts';

testFront('a REST API that streams on Node 24', restApiStream());
