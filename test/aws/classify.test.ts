import { describe, expect, it } from 'vitest';
import { classify } from '../../src/aws/classify.js';
import { certain } from '../../src/aws/index.js';

/** What the SDK throws for an answer with an error code. */
function awsError(name: string, message = 'no', status = 400): Error {
  return Object.assign(new Error(message), { name, $fault: 'client', $metadata: { httpStatusCode: status } });
}

describe('an error of AWS is judged by operation, code and message', () => {
  it.each([
    ['organizations:DescribeOrganization', 'AWSOrganizationsNotInUseException', '', 'absent'],
    ['organizations:DescribeResourcePolicy', 'ResourcePolicyNotFoundException', '', 'absent'],
    ['organizations:ListDelegatedServicesForAccount', 'AccountNotRegisteredException', '', 'absent'],
    ['organizations:ListDelegatedServicesForAccount', 'AccountNotFoundException', '', 'absent'],
    ['organizations:DescribeAccount', 'AccountNotFoundException', '', 'failed'],
    ['organizations:DescribePolicy', 'PolicyNotFoundException', '', 'absent'],
    ['organizations:ListAccounts', 'ExpiredTokenException', '', 'failed'],
    ['ec2:DescribeRegions', 'RequestExpired', '', 'failed'],
    ['iam:ListRoles', 'ExpiredToken', '', 'failed'],
    [
      'organizations:ListDelegatedAdministrators',
      'InvalidInputException',
      'You specified an unrecognized service principal.',
      'absent',
    ],
    ['organizations:ListDelegatedAdministrators', 'InvalidInputException', 'You specified an invalid value.', 'failed'],
    ['organizations:ListTagsForResource', 'TargetNotFoundException', '', 'absent'],
    // The same codes elsewhere mean that something is wrong.
    ['organizations:ListAccounts', 'ResourcePolicyNotFoundException', '', 'failed'],
    ['guardduty:ListOrganizationAdminAccounts', 'AWSOrganizationsNotInUseException', '', 'failed'],
    ['organizations:ListAccounts', 'AccessDeniedException', '', 'denied'],
    ['organizations:DescribeResourcePolicy', 'AccessDeniedException', '', 'denied'],
    ['ec2:DescribeRegions', 'UnauthorizedOperation', '', 'denied'],
    [
      'guardduty:ListOrganizationAdminAccounts',
      'BadRequestException',
      'The request failed because you are not the master account',
      'denied',
    ],
    ['guardduty:ListOrganizationAdminAccounts', 'BadRequestException', 'The request is invalid', 'failed'],
    [
      'securityhub:ListOrganizationAdminAccounts',
      'InvalidAccessException',
      'Account 111122223333 is not an administrator for this organization',
      'denied',
    ],
    ['securityhub:ListOrganizationAdminAccounts', 'InvalidAccessException', '', 'denied'],
    ['securityhub:ListOrganizationAdminAccounts', 'InvalidInputException', '', 'failed'],
    [
      'securityhub:ListOrganizationAdminAccounts',
      'AccessDeniedException',
      'Account 111122223333 is not subscribed to AWS Security Hub',
      'denied',
    ],
    ['macie2:ListOrganizationAdminAccounts', 'AccessDeniedException', 'Macie is not enabled', 'absent'],
    [
      'macie2:ListOrganizationAdminAccounts',
      'AccessDeniedException',
      'Macie is not enabled for this account',
      'absent',
    ],
    ['macie2:ListOrganizationAdminAccounts', 'AccessDeniedException', '', 'denied'],
    [
      'macie2:ListOrganizationAdminAccounts',
      'AccessDeniedException',
      'User: arn:aws:iam::111122223333:user/Macie is not enabled is not authorized to perform: macie2:ListOrganizationAdminAccounts',
      'denied',
    ],
    ['macie2:ListOrganizationAdminAccounts', 'ValidationException', 'Macie is not enabled', 'failed'],
    // The words of one service are nothing from another.
    ['guardduty:ListOrganizationAdminAccounts', 'AccessDeniedException', 'Macie is not enabled', 'denied'],
    ['detective:ListOrganizationAdminAccounts', 'AccessDeniedException', '', 'denied'],
    ['detective:ListOrganizationAdminAccounts', 'ValidationException', '', 'failed'],
    ['organizations:ListAccounts', 'InvalidInputException', '', 'failed'],
    ['iam:ListOrganizationsFeatures', 'ServiceAccessNotEnabledException', '', 'absent'],
    ['iam:ListOrganizationsFeatures', 'OrganizationNotFoundException', '', 'absent'],
    ['iam:ListOrganizationsFeatures', 'OrganizationNotInAllFeaturesModeException', '', 'absent'],
    ['iam:ListOrganizationsFeatures', 'AccountNotManagementOrDelegatedAdministratorException', '', 'denied'],
    ['iam:ListOrganizationsFeatures', 'AccessDenied', '', 'denied'],
    ['iam:ListRoles', 'ServiceAccessNotEnabledException', '', 'failed'],
    ['cloudtrail:DescribeTrails', 'NoManagementAccountSLRExistsException', '', 'denied'],
    ['cloudtrail:ListEventDataStores', 'NoManagementAccountSLRExistsException', '', 'denied'],
    ['cloudtrail:GetEventDataStore', 'NoManagementAccountSLRExistsException', '', 'denied'],
    ['cloudtrail:ListEventDataStores', 'OperationNotPermittedException', '', 'denied'],
    // Nothing says that this means "there are none".
    ['cloudtrail:ListEventDataStores', 'UnsupportedOperationException', '', 'failed'],
    ['cloudtrail:GetTrailStatus', 'TrailNotFoundException', '', 'absent'],
    ['cloudtrail:GetEventDataStore', 'EventDataStoreNotFoundException', '', 'absent'],
    ['cloudtrail:DescribeTrails', 'TrailNotFoundException', '', 'failed'],
    ['networkmanager:ListOrganizationServiceAccessStatus', 'AccessDeniedException', '', 'denied'],
    ['inspector2:GetDelegatedAdminAccount', 'ResourceNotFoundException', '', 'absent'],
    ['inspector2:ListDelegatedAdminAccounts', 'ResourceNotFoundException', '', 'failed'],
    ['inspector2:ListDelegatedAdminAccounts', 'AccessDeniedException', '', 'denied'],
    ['auditmanager:GetOrganizationAdminAccount', 'ResourceNotFoundException', '', 'absent'],
    [
      'auditmanager:GetOrganizationAdminAccount',
      'AccessDeniedException',
      'Please complete AWS Audit Manager setup from home page to enable this action in this account.',
      'absent',
    ],
    ['auditmanager:GetOrganizationAdminAccount', 'AccessDeniedException', 'User: x is not authorized', 'denied'],
    [
      'auditmanager:GetOrganizationAdminAccount',
      'AccessDeniedException',
      'User: Please complete AWS Audit Manager setup is not authorized',
      'denied',
    ],
    ['fms:ListAdminAccountsForOrganization', 'ResourceNotFoundException', '', 'absent'],
    ['fms:GetAdminAccount', 'ResourceNotFoundException', '', 'absent'],
    ['fms:GetAdminScope', 'ResourceNotFoundException', '', 'absent'],
    [
      'fms:GetAdminAccount',
      'AccessDeniedException',
      'Account: 111122223333 is not currently delegated by AWS FM.',
      'absent',
    ],
    ['fms:GetAdminAccount', 'AccessDeniedException', 'User: x is not authorized', 'denied'],
    // Here it may as well mean a member that is not let in.
    [
      'fms:ListAdminAccountsForOrganization',
      'AccessDeniedException',
      'Account: 111122223333 is not currently delegated by AWS FM.',
      'denied',
    ],
    [
      'fms:ListAdminAccountsForOrganization',
      'InvalidOperationException',
      '222222222222 is not the management account of the Organization, Organization management account is 111122223333: ',
      'denied',
    ],
    // As in a wrong Region.
    ['fms:ListAdminAccountsForOrganization', 'InvalidOperationException', 'Not possible', 'failed'],
    ['fms:GetAdminAccount', 'InvalidOperationException', '', 'failed'],
    // Asked in an account that administers the service, as its list of administrators says, and that it refuses.
    [
      'guardduty:DescribeOrganizationConfiguration',
      'BadRequestException',
      'The request is rejected because an invalid or out-of-range value is specified as an input parameter.',
      'denied',
    ],
    [
      'guardduty:DescribeOrganizationConfiguration',
      'BadRequestException',
      'The request is rejected because the input detectorId is not owned by the current account.',
      'denied',
    ],
    ['guardduty:DescribeOrganizationConfiguration', 'AccessDeniedException', '', 'denied'],
    // Nothing is in doubt there: an account may list its own detectors.
    ['guardduty:ListDetectors', 'BadRequestException', '', 'failed'],
    ['guardduty:DescribeOrganizationConfiguration', 'InvalidInputException', '', 'failed'],
    ['detective:DescribeOrganizationConfiguration', 'ValidationException', '', 'denied'],
    ['detective:DescribeOrganizationConfiguration', 'AccessDeniedException', '', 'denied'],
    ['detective:ListGraphs', 'ValidationException', '', 'failed'],
    [
      'securityhub:DescribeOrganizationConfiguration',
      'InvalidAccessException',
      'Account 222233334444 is not an administrator for this organization',
      'denied',
    ],
    [
      'securityhub:DescribeOrganizationConfiguration',
      'InvalidAccessException',
      'Account 222233334444 is not subscribed to AWS Security Hub',
      'absent',
    ],
    [
      'securityhub:DescribeOrganizationConfiguration',
      'AccessDeniedException',
      'Account 222233334444 is not subscribed to AWS Security Hub',
      'denied',
    ],
    ['securityhub:DescribeOrganizationConfiguration', 'InvalidInputException', '', 'failed'],
    ['macie2:DescribeOrganizationConfiguration', 'AccessDeniedException', 'Macie is not enabled', 'absent'],
    [
      'macie2:DescribeOrganizationConfiguration',
      'AccessDeniedException',
      'The request failed because you must be the Macie administrator for an organization to perform this operation',
      'denied',
    ],
    [
      'inspector2:DescribeOrganizationConfiguration',
      'AccessDeniedException',
      'Invoking account does not have access to describe the organization configuration.',
      'denied',
    ],
    ['inspector2:DescribeOrganizationConfiguration', 'ResourceNotFoundException', '', 'failed'],
    ['securitylake:GetDataLakeOrganizationConfiguration', 'ResourceNotFoundException', '', 'absent'],
    ['securitylake:GetDataLakeOrganizationConfiguration', 'AccessDeniedException', '', 'denied'],
    ['securitylake:GetDataLakeOrganizationConfiguration', 'BadRequestException', '', 'failed'],
    ['config:DescribeConfigurationAggregators', 'AccessDeniedException', '', 'denied'],
    // No name was asked for, so this is no answer to what was asked.
    ['config:DescribeConfigurationAggregators', 'NoSuchConfigurationAggregatorException', '', 'failed'],
    ['access-analyzer:ListAnalyzers', 'AccessDeniedException', '', 'denied'],
    ['cloudtrail:LookupEvents', 'AccessDeniedException', '', 'denied'],
    ['cloudtrail:LookupEvents', 'InvalidTimeRangeException', '', 'failed'],
    ['sts:AssumeRole', 'AccessDenied', '', 'denied'],
    ['sts:AssumeRole', 'RegionDisabledException', '', 'denied'],
    ['sts:AssumeRole', 'ValidationError', '', 'failed'],
    ['sts:AssumeRole', 'ExpiredToken', '', 'failed'],
  ] as const)('%s %s %s: %s', (operation, code, message, outcome) => {
    expect(classify(awsError(code, message), operation, certain)).toMatchObject({ outcome, code, isRetryable: false });
  });

  it.each([
    [{ Feature: 'SecurityHub' }, 'is not subscribed to AWS Security Hub', 'absent'],
    [{ Feature: 'SecurityHub' }, 'is not subscribed to AWS Security HubV2', 'denied'],
    // CSPM can be off where V2 has an administrator.
    [{ Feature: 'SecurityHubV2' }, 'is not subscribed to AWS Security Hub', 'denied'],
    [{}, 'is not subscribed to AWS Security Hub', 'denied'],
  ] as const)('Security Hub, asked for %o: "%s" is %s', (input, message, outcome) => {
    const error = awsError('InvalidAccessException', `Account 111122223333 ${message}`, 401);
    expect(classify(error, 'securityhub:ListOrganizationAdminAccounts', certain, input)).toMatchObject({
      outcome,
      isRetryable: false,
    });
  });

  it.each(['TooManyRequestsException', 'ThrottlingException', 'RequestLimitExceeded', 'SlowDown'])(
    '%s is worth another try',
    (code) => {
      expect(classify(awsError(code), 'organizations:ListAccounts', certain)).toMatchObject({
        outcome: 'failed',
        isRetryable: true,
      });
    },
  );

  it('what a bad input means to a first page, it does not mean to a token', () => {
    const error = awsError('BadRequestException', 'The request is rejected.');
    const operation = 'guardduty:DescribeOrganizationConfiguration';
    expect(classify(error, operation, certain, { DetectorId: 'd' }).outcome).toBe('denied');
    expect(classify(error, operation, certain, { DetectorId: 'd', NextToken: 't' })).toMatchObject({
      outcome: 'failed',
      message: 'the page token was refused: The request is rejected.',
    });
    const denied = awsError('AccessDeniedException');
    expect(classify(denied, operation, certain, { DetectorId: 'd', NextToken: 't' }).outcome).toBe('denied');
  });

  it('a server error is worth another try', () => {
    expect(classify(awsError('ServiceException', 'oops', 500), 'organizations:ListAccounts', certain)).toMatchObject({
      outcome: 'failed',
      isRetryable: true,
      code: 'ServiceException',
    });
  });

  it('a bad request for a further page may be about its token, and is no denial', () => {
    const operation = 'guardduty:DescribeOrganizationConfiguration';
    const error = awsError('BadRequestException');
    expect(classify(error, operation, certain, { DetectorId: 'd' })).toMatchObject({ outcome: 'denied' });
    expect(classify(error, operation, certain, { DetectorId: 'd', NextToken: 't' })).toMatchObject({
      outcome: 'failed',
      isRetryable: false,
    });
  });

  it("Firewall Manager's own fault comes as a bad request, and is worth another try", () => {
    expect(classify(awsError('InternalErrorException'), 'fms:GetAdminAccount', certain)).toMatchObject({
      outcome: 'failed',
      isRetryable: true,
    });
  });

  it('a wrong clock is worth another try once the SDK has learned how wrong it is', () => {
    const error = awsError('InvalidSignatureException', 'Signature expired');
    const verdict = () => classify(error, 'organizations:ListAccounts', certain);
    expect(verdict()).toMatchObject({ outcome: 'failed', isRetryable: false });
    Object.assign(error, { $metadata: { httpStatusCode: 400, clockSkewCorrected: true } });
    expect(verdict()).toMatchObject({ outcome: 'failed', isRetryable: true });
  });

  it.each(['UnrecognizedClientException', 'InvalidClientTokenId', 'AuthFailure'])(
    '%s means "Region off" only where nobody could say whether it is on',
    (code) => {
      const operation = 'guardduty:ListOrganizationAdminAccounts';
      expect(classify(awsError(code), operation, { ...certain, isRegionKnownEnabled: false })).toMatchObject({
        outcome: 'absent',
      });
      expect(classify(awsError(code), operation, certain)).toMatchObject({ outcome: 'failed', isRetryable: false });
    },
  );

  it('a page of HTML, whatever its status, is no answer and no denial', () => {
    const html = Object.assign(new SyntaxError("Unexpected token '<'"), { $response: { statusCode: 200 } });
    expect(classify(html, 'organizations:ListAccounts', certain)).toMatchObject({
      outcome: 'failed',
      code: 'UnreadableAnswer',
      isRetryable: true,
    });
    const forbidden = Object.assign(new Error('UnknownError'), { name: '403', $metadata: { httpStatusCode: 403 } });
    expect(classify(forbidden, 'organizations:ListAccounts', certain)).toMatchObject({
      outcome: 'failed',
      code: 'UnreadableAnswer',
    });
  });

  it('a certificate that is not trusted is not tried again, and told by its name', () => {
    const error = Object.assign(new Error('self-signed certificate in certificate chain'), {
      code: 'SELF_SIGNED_CERT_IN_CHAIN',
    });
    expect(classify(error, 'organizations:ListAccounts', certain)).toMatchObject({
      outcome: 'failed',
      isRetryable: false,
      code: 'SELF_SIGNED_CERT_IN_CHAIN',
    });
  });

  it('missing credentials are not tried again', () => {
    const error = Object.assign(new Error('Could not load credentials'), { name: 'CredentialsProviderError' });
    expect(classify(error, 'sts:GetCallerIdentity', certain)).toMatchObject({ outcome: 'failed', isRetryable: false });
  });

  it('a host that does not exist means "not there" only where nobody knows that the service is', () => {
    const error = Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
    const operation = 'guardduty:ListOrganizationAdminAccounts';
    expect(classify(error, operation, { ...certain, isServiceKnownThere: false })).toMatchObject({
      outcome: 'absent',
      code: 'ServiceNotInRegion',
    });
    expect(classify(error, operation, { ...certain, isRegionKnownEnabled: false })).toMatchObject({
      outcome: 'failed',
    });
  });
});
