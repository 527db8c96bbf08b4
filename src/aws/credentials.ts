import { fromIni, fromNodeProviderChain, fromTemporaryCredentials } from '@aws-sdk/credential-providers';

import type { Secrets } from './secrets.js';

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
 * @param secrets is told of all of them.
 * @throws {CredentialsError} from the provider, when it is first asked.
 */
export function credentialsOf(
  access: AccountAccess,
  place: { region: string; endpoint: string | undefined },
  secrets: Secrets,
): CredentialProvider {
  secrets.add(access.accessKeyId, access.secretAccessKey, access.sessionToken, access.externalId);
  const clientConfig = { region: place.region, ...(place.endpoint !== undefined && { endpoint: place.endpoint }) };
  const own = told(ownCredentials(access, clientConfig), secrets);
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
      return await told(provider, secrets)(properties);
    } catch (error) {
      throw explain(error, access, secrets);
    }
  });
}

function told(provider: CredentialProvider, secrets: Secrets): CredentialProvider {
  return async (properties) => {
    const credentials = await provider(properties);
    secrets.add(credentials.accessKeyId, credentials.secretAccessKey, credentials.sessionToken);
    return credentials;
  };
}

/** The SDK asks again for credentials that end this soon. */
const renewalMs = 5 * 60_000;

/**
 * One answer for the clients of all services and Regions, each of which would otherwise assume the role, or start the
 * credential process, for itself.
 */
function shared(provider: CredentialProvider): CredentialProvider {
  return kept(provider, undefined, Infinity);
}

/** Credentials that are there already, and what gets the next ones when these end. */
export function renewed(
  first: Awaited<ReturnType<CredentialProvider>>,
  provider: CredentialProvider,
): CredentialProvider {
  return kept(provider, Promise.resolve(first), first.expiration?.getTime() ?? Infinity);
}

function kept(
  provider: CredentialProvider,
  current: ReturnType<CredentialProvider> | undefined,
  endsAt: number,
): CredentialProvider {
  return (properties) => {
    if (current === undefined || Date.now() >= endsAt - renewalMs) {
      endsAt = Infinity;
      current = provider(properties).then(
        (credentials) => {
          endsAt = credentials.expiration?.getTime() ?? Infinity;
          return credentials;
        },
        (error: unknown) => {
          current = undefined;
          throw error;
        },
      );
    }
    return current;
  };
}

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
  if (access.localProfile !== undefined) return fromIni({ profile: access.localProfile, clientConfig });
  return fromNodeProviderChain({ clientConfig });
}

function explain(error: unknown, access: AccountAccess, secrets: Secrets): CredentialsError {
  const { name, message: said } = error instanceof Error ? error : new Error(String(error));
  // child_process.exec quotes the whole command, and a password may be one of its arguments.
  const message = secrets.hide(said.replace(/^Command failed: .*$/s, 'the credential_process of the profile failed'));
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
