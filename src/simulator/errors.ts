/** An error as AWS would send it. `code` is the name on the wire; `fields` are further members of the error shape. */
export class AwsError extends Error {
  override readonly name = 'AwsError';

  constructor(
    readonly code: string,
    readonly status: number,
    message: string,
    readonly fields: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/**
 * What AWS's front end says before a request reaches the service, in the same words for all that speak JSON. REST services
 * give it a status of its own; the others send 400 with every error.
 */
export function frontEndErrors(kind: 'rest' | 'json') {
  const [notFound, forbidden] = kind === 'rest' ? [404, 403] : [400, 400];
  return {
    unknownOperation: () => new AwsError('UnknownOperationException', notFound, ''),
    missingAuthentication: () =>
      new AwsError('MissingAuthenticationTokenException', forbidden, 'Missing Authentication Token'),
    invalidToken: () =>
      new AwsError('UnrecognizedClientException', forbidden, 'The security token included in the request is invalid.'),
    wrongRegion: () =>
      new AwsError('InvalidSignatureException', forbidden, 'Credential should be scoped to a valid region. '),
    // "Common errors" of the API references: ExpiredTokenException.
    expiredCredentials: () =>
      new AwsError('ExpiredTokenException', forbidden, 'The security token included in the request is expired'),
    skewed: (message: string) => new AwsError('InvalidSignatureException', forbidden, message),
  };
}
