import { describe, expect, it } from 'vitest';
import { errorOfResponse } from './upstream-error.js';

const errorOf = (body: string, headers = {}) => errorOfResponse(400, headers, Buffer.from(body));

it('errorOfResponse keeps what the model told Bedrock', () => {
  const told = { originalStatusCode: 400, originalMessage: 'too long', resourceName: 'r' };
  expect(errorOf(JSON.stringify({ message: 'm', ...told }))).toMatchObject(told);
  expect(Object.keys(errorOf('{"message":"m","originalStatusCode":"many"}'))).toEqual(['name']);
});

describe('errorOfResponse', () => {
  it.each<readonly [name: string, headers: Readonly<Record<string, string>>, body: string]>([
    ['ThrottlingException', { 'x-amzn-errortype': 'ThrottlingException' }, '{}'],
    ['ThrottlingException', { 'x-amzn-errortype': 'ThrottlingException:http://internal.amazon.com/coral/' }, '{}'],
    ['ThrottlingException', { 'x-amzn-errortype': 'com.amazon#ThrottlingException,http://x' }, '{"code":"Other"}'],
    ['ThrottlingException', { 'x-amzn-errortype': 'ThrottlingException:http://internal.amazon.com/coral#x' }, '{}'],
    ['Typed', {}, '{"__type":"com.amazon.x#Typed:http://y#z"}'],
    ['Coded', {}, '{"code":"Coded","__type":"Typed"}'],
    ['Typed', {}, '{"code":7,"__type":"com.amazon#Typed"}'],
    ['Typed', { 'x-amzn-errortype': '' }, '{"__type":"Typed"}'],
    ['Unknown', { 'x-amzn-errortype': ':http://internal.amazon.com/' }, '{}'],
    ['Unknown', {}, '{"__type":{}}'],
    ['Unknown', {}, ''],
  ])('returns an error with the name %s', (name, headers, body) => {
    expect(errorOf(body, headers).name).toBe(name);
  });

  it.each([
    ['a reason', '{"message":"a reason","Message":"other"}'],
    ['a reason', '{"Message":"a reason"}'],
    ['a reason', '{"message":7,"Message":"a reason"}'],
    ['grüße', '{"message":"grüße"}'],
    ['HTTP status 400 without a reason', '{"message":""}'],
    ['HTTP status 400 without a reason', '{}'],
    ['HTTP status 400 without a reason', '[]'],
    ['HTTP status 400 without a reason', 'null'],
    ['HTTP status 400 without a reason', '"text"'],
    ['HTTP status 400 without a reason', '<html><h1>Bad gateway</h1></html>'],
    ['HTTP status 400 without a reason', ''],
  ])('returns an error with the message %j', (message, body) => {
    expect(errorOf(body).message).toBe(message);
  });
});
