import type { JsonObject } from '../../models/json-object.js';
import type { Block, CacheMark, Message } from './conversation.js';
import {
  invalid,
  readObject,
  readString,
  readWord,
  requireObject,
  requireString,
  unsupportedContent,
} from './request-members.js';

/** Reads the content of a message: a string, or a list of parts that `read` reads. Absent content is none. */
export function readContent(
  content: unknown,
  path: string,
  read: (part: JsonObject, path: string) => Block,
): readonly Block[] {
  if (content === undefined || content === null) return [];
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  if (!Array.isArray(content)) throw invalid(path, 'Send a string or an array of parts.');
  return content.map((item: unknown, index) => {
    const partPath = `${path}[${index}]`;
    const part = requireObject(item, partPath);
    return { ...read(part, partPath), cache: readCacheMark(part) };
  });
}

/** The mark that a part, a message, a call or a tool may have. */
export function readCacheMark({ cache_control: mark }: JsonObject): CacheMark | undefined {
  if (typeof mark !== 'object' || mark === null) return undefined;
  return 'ttl' in mark && typeof mark.ttl === 'string' ? { ttl: mark.ttl } : {};
}

/** A mark on a message is one behind its last block. */
export function withMessageMark(message: Message, { cache_control }: JsonObject): Message {
  const cache = readCacheMark({ cache_control });
  const last = message.blocks.at(-1);
  if (!cache || !last) return message;
  return { ...message, blocks: [...message.blocks.slice(0, -1), { ...last, cache }] };
}

/** A part that is text, as every role may send it. */
export function readTextPart(part: JsonObject, path: string): Block {
  const type = readString(part['type'], `${path}.type`);
  if (type === 'text') return { type: 'text', text: readString(part['text'], `${path}.text`) ?? '' };
  throw unsupportedContent(path, 'Only text can be sent here.');
}

/** A part of a message of the assistant. */
export function readAssistantPart(part: JsonObject, path: string): Block {
  if (part['type'] !== 'refusal') return readTextPart(part, path);
  return { type: 'text', text: readString(part['refusal'], `${path}.refusal`) ?? '' };
}

/** A part of a tool's result: text or an image. */
export function readResultPart(part: JsonObject, path: string): Block {
  return part['type'] === 'image_url' ? readImage(part, path) : readTextPart(part, path);
}

/** A part of a user's message. */
export function readUserPart(part: JsonObject, path: string): Block {
  switch (part['type']) {
    case 'image_url':
      return readImage(part, path);
    case 'input_audio':
      return readAudio(part, path);
    case 'file':
      return readFile(part, path);
    case 'text':
      return readTextPart(part, path);
    default:
      throw unsupportedContent(path, 'Send text, image_url, input_audio or file.');
  }
}

const imageFormats: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpeg',
  'image/jpg': 'jpeg',
  'image/gif': 'gif',
  'image/webp': 'webp',
};

function readImage(part: JsonObject, path: string): Block {
  const { image_url: image } = part;
  const url = typeof image === 'string' ? image : requireString(requireObject(image, `${path}.image_url`)['url'], path);
  return imageBlock(url, path);
}

/** An image from a data URI. Throws `unsupported_content` for any other URL: the proxy fetches nothing. */
export function imageBlock(url: string, path: string): Block {
  const data = readDataUri(url);
  const format = data && imageFormats[data.mediaType];
  if (!data || !format) {
    throw unsupportedContent(
      path,
      'Send the image as a base64 data URI of a png, jpeg, gif or webp. No URL is fetched.',
    );
  }
  return media('image', format, requireBase64(data.base64, path));
}

const audioFormats = ['wav', 'mp3', 'flac', 'ogg', 'opus', 'aac', 'm4a', 'webm', 'mp4', 'pcm'] as const;

export function readAudio(part: JsonObject, path: string): Block {
  const audio = requireObject(part['input_audio'], `${path}.input_audio`);
  const format = readWord(audio['format'], `${path}.input_audio.format`, audioFormats) ?? 'wav';
  const data = requireString(audio['data'], `${path}.input_audio.data`);
  return media('audio', format, requireBase64(readDataUri(data)?.base64 ?? data, path));
}

const documentFormats: Readonly<Record<string, string>> = {
  'application/pdf': 'pdf',
  'text/csv': 'csv',
  'application/msword': 'doc',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/vnd.ms-excel': 'xls',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
  'text/html': 'html',
  'text/plain': 'txt',
  'text/markdown': 'md',
};
const documentExtensions: ReadonlySet<string> = new Set(Object.values(documentFormats));

function readFile(part: JsonObject, path: string): Block {
  const file = readObject(part['file'], `${path}.file`) ?? {};
  const data = readString(file['file_data'], `${path}.file.file_data`);
  return documentBlock(data, readString(file['filename'], `${path}.file.filename`), path);
}

/** A document from a data URI, or from base64 and the name of its file. Throws `unsupported_content` for a file by id or URL. */
export function documentBlock(data: string | undefined, filename: string | undefined, path: string): Block {
  const uri = data === undefined ? undefined : readDataUri(data);
  const extension = filename?.slice(filename.lastIndexOf('.') + 1).toLowerCase() ?? '';
  const format = (uri && documentFormats[uri.mediaType]) ?? (documentExtensions.has(extension) ? extension : undefined);
  if (data === undefined || format === undefined || /^https?:/i.test(data)) {
    throw unsupportedContent(
      path,
      'Send the file in file_data: a base64 data URI, or base64 with a filename that ends in pdf, csv, doc, docx, xls, xlsx, html, txt or md.',
    );
  }
  return media('document', format, requireBase64(uri?.base64 ?? data, path));
}

function media(kind: 'image' | 'audio' | 'document', format: string, bytes: string): Block {
  return { type: 'media', kind, value: { format, source: { bytes } } };
}

function readDataUri(url: string): { readonly mediaType: string; readonly base64: string } | undefined {
  const [head, mediaType] = /^data:([\w.+/-]+)(?:;[\w.+=-]+)*;base64,/i.exec(url) ?? [];
  if (head === undefined || mediaType === undefined) return undefined;
  return { mediaType: mediaType.toLowerCase(), base64: url.slice(head.length) };
}

function requireBase64(text: string, path: string): string {
  const base64 = text.replace(/\s+/g, '');
  if (base64 === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) throw invalid(path, 'Send the data as base64.');
  return base64;
}
