import { testFront } from '@bedrock-proxy/testing/contract';
import { functionUrl, httpApi, restApi, restApiStream } from './lambda-fronts.ts';
import { chatQuestions } from './openai-questions.ts';
import { responsesQuestions } from './responses-questions.ts';

testFront("a Function URL, with OpenAI's API", { ...functionUrl(), questions: chatQuestions });
testFront("a REST API, with OpenAI's API", { ...restApi(), questions: chatQuestions });
testFront("an HTTP API, with OpenAI's API", { ...httpApi(), questions: chatQuestions });
testFront("a REST API that streams, with OpenAI's API", { ...restApiStream(), questions: chatQuestions });

testFront('a Function URL, with the Responses API', { ...functionUrl(), questions: responsesQuestions });
testFront('a REST API, with the Responses API', { ...restApi(), questions: responsesQuestions });
testFront('an HTTP API, with the Responses API', { ...httpApi(), questions: responsesQuestions });
testFront('a REST API that streams, with the Responses API', { ...restApiStream(), questions: responsesQuestions });
