import { expect, it } from 'vitest';
import { isAwsAsked } from '../../src/aws/index.js';

it.each([
  ['nothing', undefined, {}, true],
  ['an empty variable', undefined, { AWS_ENDPOINT_URL: '' }, true],
  ['another variable', undefined, { AWS_REGION: 'eu-west-1' }, true],
  ['a VPC endpoint', undefined, { AWS_ENDPOINT_URL_STS: 'https://vpce-1.sts.us-east-1.vpce.amazonaws.com' }, true],
  ['an endpoint in China', 'https://organizations.cn-northwest-1.amazonaws.com.cn', {}, true],
  ['a dual-stack endpoint', 'https://ec2.eu-west-1.api.aws:443/', {}, true],
  ['a server of one’s own in the spec', 'http://127.0.0.1:4566', {}, false],
  ['one in the environment', undefined, { AWS_ENDPOINT_URL: 'http://localhost:4566' }, false],
  ['one for a single service', undefined, { AWS_ENDPOINT_URL_ORGANIZATIONS: 'http://localhost:4566' }, false],
  [
    'one that is not looked at',
    undefined,
    { AWS_ENDPOINT_URL: 'http://localhost', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' },
    true,
  ],
  ['a host that only looks alike', 'https://notamazonaws.com', {}, false],
  ['what is no address', undefined, { AWS_ENDPOINT_URL: 'localhost' }, false],
])('whose rates hold with %s', (_what, endpoint, env, expected) => {
  expect(isAwsAsked(endpoint, env)).toBe(expected);
});
