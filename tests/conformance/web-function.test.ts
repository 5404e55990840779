import { testFront } from '@bedrock-proxy/testing/contract';
import { anthropicQuestions } from './anthropic-questions.ts';
import { converseQuestions } from './bedrock-questions.ts';
import { chatQuestions } from './openai-questions.ts';
import { webFunction } from './web-function-front.ts';

testFront('a Web Function', webFunction);
testFront("a Web Function, with Bedrock's API", { ...webFunction, questions: converseQuestions });
testFront("a Web Function, with Anthropic's API", { ...webFunction, questions: anthropicQuestions });
testFront("a Web Function, with OpenAI's API", { ...webFunction, questions: chatQuestions });
