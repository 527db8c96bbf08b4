// Regions without an endpoint in botocore's endpoints.json; written out here, so that a mistake in the catalogue of the
// plugin shows. The connection is closed there, as nothing else is like a missing host.
export const NOT_IN_REGIONS = {
  auditmanager: [
    ...['af-south-1', 'ap-east-1', 'ap-east-2', 'ap-northeast-2', 'ap-northeast-3', 'ap-south-2', 'ap-southeast-3'],
    ...['ap-southeast-4', 'ap-southeast-5', 'ap-southeast-6', 'ap-southeast-7', 'ca-west-1', 'eu-central-2'],
    ...['eu-north-1', 'eu-south-1', 'eu-south-2', 'eu-west-3', 'il-central-1', 'me-central-1', 'me-south-1'],
    ...['mx-central-1', 'sa-east-1', 'cn-north-1', 'cn-northwest-1', 'us-gov-east-1', 'us-gov-west-1'],
    'eusc-de-east-1',
  ],
  detective: [
    ...['ap-east-2', 'ap-northeast-3', 'ap-south-2', 'ap-southeast-3', 'ap-southeast-4', 'ap-southeast-5'],
    ...['ap-southeast-6', 'ap-southeast-7', 'ca-west-1', 'eu-central-2', 'eu-south-2', 'me-central-1', 'mx-central-1'],
    ...['cn-north-1', 'cn-northwest-1', 'eusc-de-east-1'],
  ],
  fms: ['eusc-de-east-1'],
  inspector2: ['ap-southeast-6', 'eusc-de-east-1'],
  macie2: [
    ...['ap-east-2', 'ap-south-2', 'ap-southeast-3', 'ap-southeast-4', 'ap-southeast-5', 'ap-southeast-6'],
    ...['ap-southeast-7', 'ca-west-1', 'eu-central-2', 'eu-south-2', 'me-central-1', 'mx-central-1'],
    ...['cn-north-1', 'cn-northwest-1', 'us-gov-east-1', 'us-gov-west-1', 'eusc-de-east-1'],
  ],
  securitylake: [
    ...['af-south-1', 'ap-east-1', 'ap-east-2', 'ap-south-2', 'ap-southeast-3', 'ap-southeast-4', 'ap-southeast-5'],
    ...['ap-southeast-6', 'ap-southeast-7', 'ca-west-1', 'eu-central-2', 'eu-south-1', 'eu-south-2', 'il-central-1'],
    ...['me-central-1', 'me-south-1', 'mx-central-1', 'cn-north-1', 'cn-northwest-1', 'eusc-de-east-1'],
  ],
};
