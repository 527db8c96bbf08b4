import type { Caller, World } from './call.js';

/** What SigV4's Authorization header says; the signature itself is not checked, any secret will do. */
export interface Signature {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
}

export function readSignature(authorization: string | undefined): Signature | undefined {
  const scope =
    /^AWS4-HMAC-SHA256 Credential=([\w]+)\/\d{8}\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request,\s*SignedHeaders=[^,]+,\s*Signature=[0-9a-f]{64}$/.exec(
      authorization ?? '',
    );
  const [, accessKeyId, region, service] = scope ?? [];
  if (accessKeyId === undefined || region === undefined || service === undefined) return undefined;
  return { accessKeyId, region, service };
}

/** undefined: the key is one of ours, but its session token is missing or another one. */
export function findCaller(world: World, accessKeyId: string, sessionToken: string | undefined): Caller | undefined {
  const session = world.sessions.get(accessKeyId);
  if (session) return sessionToken === session.sessionToken ? session : undefined;

  const { partition, keys } = world.scenario;
  const key = keys[accessKeyId];
  if (key) {
    const arn = key.arn ?? `arn:${partition}:iam::${key.account}:user/simulated`;
    return { accountId: key.account, arn, userId: accessKeyId, denied: key.denied, allowed: key.allowed };
  }
  const named = /^(AKIA|ASIA)(\d{12})/.exec(accessKeyId);
  const accountId = named?.[2] ?? defaultAccount(world);
  const arn =
    named?.[1] === 'ASIA'
      ? `arn:${partition}:sts::${accountId}:assumed-role/simulated/session`
      : `arn:${partition}:iam::${accountId}:user/simulated`;
  return { accountId, arn, userId: `AIDA${accountId}SIMU`, denied: [] };
}

export function defaultAccount({ scenario }: World): string {
  return scenario.default_account_id ?? scenario.organization?.management_account_id ?? '111122223333';
}

/** Whose a thing of the scenario is that names no account: the management account's, or that of whoever stands alone. */
export function ownerOf(world: World, account: string | undefined): string {
  return account ?? world.scenario.organization?.management_account_id ?? defaultAccount(world);
}

/** X-Amz-Date: `20260131T120000Z` */
export function readDate(header: string | undefined): Date | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(header ?? '');
  if (!parts) return undefined;
  const [, year = '', month = '', day = '', hour = '', minute = '', second = ''] = parts;
  return new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

/** True for credentials of a role that are no longer good. */
export function hasEnded({ sessions }: World, accessKeyId: string): boolean {
  const session = sessions.get(accessKeyId);
  return session !== undefined && Date.now() > session.endsAt;
}
