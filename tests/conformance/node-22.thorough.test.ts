import { testFront } from '@bedrock-proxy/testing/contract';
import { nodes } from './bundles.ts';
import { functionUrl, httpApi, restApi, restApiStream } from './lambda-fronts.ts';

testFront('a Function URL on Node 22', functionUrl(nodes[22]));
testFront('a REST API on Node 22', restApi(nodes[22]));
testFront('an HTTP API on Node 22', httpApi(nodes[22]));
testFront('a streaming REST API on Node 22', restApiStream(nodes[22]));
