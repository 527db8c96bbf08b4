import { fromIni, fromNodeProviderChain, fromTemporaryCredentials } from '@aws-sdk/credential-providers';

export type CredentialProvider = ReturnType<typeof fromNodeProviderChain>;

/** Where the credentials of one account come from; an entry of `accounts` in the spec. */
export interface AccountAccess {
  /** The user's name for the account; AWS's own id comes from sts:GetCallerIdentity. */
  id: string;
  localProfile?: string | undefined;
  roleArn?: string | undefined;
  roleSessionName?: string | undefined;
  externalId?: string | undefined;
  accessKeyId?: string | undefined;
  secretAccessKey?: string | undefined;
  sessionToken?: string | undefined;
  defaultRegion?: string | undefined;
}

/** No usable credentials. The message says which command or setting mends it; it never carries a secret. */
export class CredentialsError extends Error {
  override readonly name = 'CredentialsError';
}

/**
 * Static keys, a profile, or the SDK's standard chain; with `role_arn` these assume the role.
 *
 * @throws {CredentialsError} from the provider, when it is first asked.
 */
export function credentialsOf(
  access: AccountAccess,
  place: { region: string; endpoint: string | undefined },
): KeptCredentials {
  const clientConfig = { region: place.region, ...(place.endpoint !== undefined && { endpoint: place.endpoint }) };
  const own = ownCredentials(access, clientConfig);
  const provider =
    access.roleArn === undefined
      ? own
      : fromTemporaryCredentials({
          masterCredentials: own,
          clientConfig,
          params: {
            RoleArn: access.roleArn,
            RoleSessionName: access.roleSessionName ?? 'aws-delegation',
            ...(access.externalId !== undefined && { ExternalId: access.externalId }),
          },
        });
  return shared(async (properties) => {
    try {
      return await provider(properties);
    } catch (error) {
      throw explain(error, access);
    }
  });
}

/** How long before their end credentials are renewed, as in the SDK; of those that are short-lived, half of their time. */
const renewalMs = 5 * 60_000;

/** Credentials that are got once for the clients of all services and Regions, and again when they end. */
export interface KeptCredentials extends CredentialProvider {
  /** The SDK's sign that it need not keep them itself: it would hold on to those without an end for ever. */
  readonly memoized: true;
  /**
   * For credentials that AWS calls expired, whatever they say themselves; they were used at that time, of `performance`. False
   * where no others are to be had.
   */
  renew: (usedAt: number) => Promise<boolean>;
}

/**
 * One answer for the clients of all services and Regions, each of which would otherwise assume the role, or start the
 * credential process, for itself.
 */
function shared(provider: CredentialProvider): KeptCredentials {
  return kept(provider, undefined);
}

/** Credentials that are there already, and what gets the next ones when these end. */
export function renewed(first: Awaited<ReturnType<CredentialProvider>>, provider: CredentialProvider): KeptCredentials {
  return kept(provider, first);
}

type Credentials = Awaited<ReturnType<CredentialProvider>>;

function kept(provider: CredentialProvider, first: Credentials | undefined): KeptCredentials {
  let current = first && Promise.resolve(first);
  let renewAt = first ? timeToRenew(first) : Infinity;
  /** When AWS last called some expired, and whether those that came then are others. */
  let renewedAt = -Infinity;
  let areOthers: Promise<boolean> = Promise.resolve(true);

  const get = (properties: object | undefined): Promise<Credentials> => {
    renewAt = Infinity;
    current = provider(properties).then(
      (credentials) => {
        renewAt = timeToRenew(credentials);
        return credentials;
      },
      (error: unknown) => {
        current = undefined;
        throw error;
      },
    );
    return current;
  };
  const give = (properties?: object): Promise<Credentials> =>
    current === undefined || Date.now() >= renewAt ? get(properties) : current;
  const renew = (usedAt: number): Promise<boolean> => {
    // Of many requests that were refused, the first one renews for all.
    if (renewedAt <= usedAt) {
      renewedAt = performance.now();
      const before = current;
      areOthers = differ(before, get({ forceRefresh: true }));
    }
    return areOthers;
  };
  return Object.assign(give, { memoized: true as const, renew });
}

/** In milliseconds since 1970. */
function timeToRenew({ expiration }: Credentials): number {
  if (expiration === undefined) return Infinity;
  const left = expiration.getTime() - Date.now();
  return expiration.getTime() - Math.min(renewalMs, left / 2);
}

async function differ(before: Promise<Credentials> | undefined, after: Promise<Credentials>): Promise<boolean> {
  const [old, other] = await Promise.all([before, after]);
  return old?.accessKeyId !== other.accessKeyId || old.sessionToken !== other.sessionToken;
}

/** Whoever asks again wants to know what is in the files now: a tool may have written new credentials there. */
const ignoreCache = true;

function ownCredentials(
  access: AccountAccess,
  clientConfig: { region: string; endpoint?: string },
): CredentialProvider {
  if (access.accessKeyId !== undefined && access.secretAccessKey !== undefined) {
    const keys = {
      accessKeyId: access.accessKeyId,
      secretAccessKey: access.secretAccessKey,
      ...(access.sessionToken !== undefined && { sessionToken: access.sessionToken }),
    };
    return () => Promise.resolve(keys);
  }
  if (access.localProfile !== undefined) return fromIni({ profile: access.localProfile, clientConfig, ignoreCache });
  return fromNodeProviderChain({ clientConfig, ignoreCache });
}

function explain(error: unknown, access: AccountAccess): CredentialsError {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const where = `credentials of account '${access.id}'${access.localProfile === undefined ? '' : ` (profile '${access.localProfile}')`}`;
  return new CredentialsError(`${where}: ${firstSentence(message)} (${name}). ${remedy(message, name, access)}`, {
    cause: error,
  });
}

function remedy(message: string, name: string, access: AccountAccess): string {
  const profile = access.localProfile ?? process.env['AWS_PROFILE'];
  if (/sso/i.test(message) && /expired|invalid|login|not found|refresh/i.test(message)) {
    return `Run: aws sso login${profile === undefined ? '' : ` --profile ${profile}`}`;
  }
  if (name.includes('AccessDenied') && access.roleArn !== undefined) {
    return `Allow sts:AssumeRole on ${access.roleArn}, and let its trust policy name the caller${access.externalId === undefined ? '' : ' and this external id'}.`;
  }
  if (access.localProfile !== undefined) {
    return 'Check the profile in ~/.aws/config and ~/.aws/credentials, or name another one as `local_profile`.';
  }
  return 'Set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a `local_profile` under `accounts` in the spec.';
}

function firstSentence(message: string): string {
  return (message.split(/\r?\n/, 1)[0] ?? '').replace(/\.\s*$/, '').slice(0, 300);
}
