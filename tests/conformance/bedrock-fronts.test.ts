import { testFront } from '@bedrock-proxy/testing/contract';
import { converseQuestions, invokeQuestions } from './bedrock-questions.ts';
import { functionUrl, httpApi, restApi, restApiStream } from './lambda-fronts.ts';

testFront("a Function URL, with Bedrock's API", { ...functionUrl(), questions: invokeQuestions });
testFront("a REST API, with Bedrock's API", { ...restApi(), questions: converseQuestions });
testFront("an HTTP API, with Bedrock's API", { ...httpApi(), questions: invokeQuestions });
testFront("a REST API that streams, with Bedrock's API", { ...restApiStream(), questions: converseQuestions });
