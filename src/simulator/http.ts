import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RawRequest, Reply } from './call.js';
import { piecesOf } from './fault_replies.js';

export async function read(request: IncomingMessage): Promise<RawRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const url = new URL(request.url ?? '/', 'http://simulator');
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

export function send(response: ServerResponse, { status, headers, body, isCut, drip }: Reply, cut?: () => void): void {
  const bytes = Buffer.from(body);
  if (drip) {
    response.writeHead(status, { ...headers, ...(!drip.isEndless && { 'content-length': bytes.length }) });
    void sendSlowly(response, bytes, drip);
    return;
  }
  response.writeHead(status, { ...headers, 'content-length': bytes.length });
  if (isCut) response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), cut);
  else response.end(bytes);
}

async function sendSlowly(
  response: ServerResponse,
  bytes: Buffer,
  { pauseMs, isEndless }: NonNullable<Reply['drip']>,
): Promise<void> {
  const pause = () => sleep(pauseMs, undefined, { ref: false });
  response.flushHeaders();
  for (const piece of piecesOf(bytes)) {
    await pause();
    if (response.destroyed) return;
    response.write(piece);
  }
  while (isEndless && !response.destroyed) {
    response.write(' ');
    await pause();
  }
  response.end();
}
