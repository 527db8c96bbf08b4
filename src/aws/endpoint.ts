/** Hosts of AWS's, VPC endpoints included: https://docs.aws.amazon.com/general/latest/gr/rande.html and botocore's partitions.json */
const hostsOfAws =
  /(^|\.)(amazonaws\.com|amazonaws\.com\.cn|amazonaws\.eu|api\.aws|c2s\.ic\.gov|sc2s\.sgov\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov)$/;

/**
 * False where requests go to an endpoint of one's own, which the spec or the environment names, and which is none of
 * AWS's: nobody promises AWS's rates there.
 */
export function isAwsAsked(endpoint: string | undefined, env: NodeJS.ProcessEnv): boolean {
  const isIgnored = env['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS']?.toLowerCase() === 'true';
  const named = Object.entries(env)
    .filter(([name]) => !isIgnored && /^AWS_ENDPOINT_URL(_|$)/.test(name))
    .map(([, value]) => value ?? '');
  return [endpoint ?? '', ...named].every((url) => url === '' || isHostOfAws(url));
}

function isHostOfAws(url: string): boolean {
  return URL.canParse(url) && hostsOfAws.test(new URL(url).hostname);
}
