import { testFront } from '@bedrock-proxy/testing/contract';
import { functionUrl, httpApi, restApi, restApiStream } from './lambda-fronts.ts';
import { chatQuestions } from './openai-questions.ts';

testFront("a Function URL, with OpenAI's API", { ...functionUrl(), questions: chatQuestions });
testFront("a REST API, with OpenAI's API", { ...restApi(), questions: chatQuestions });
testFront("an HTTP API, with OpenAI's API", { ...httpApi(), questions: chatQuestions });
testFront("a REST API that streams, with OpenAI's API", { ...restApiStream(), questions: chatQuestions });
