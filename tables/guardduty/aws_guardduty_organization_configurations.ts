import {
  paginateDescribeOrganizationConfiguration,
  paginateListDetectors,
  type DescribeOrganizationConfigurationResponse,
  type OrganizationFeatureConfigurationResult,
} from '@aws-sdk/client-guardduty';
import { boolean, defineTable, json, text, type ReadContext } from '../../src/schema/index.js';
import { administratorIds } from './administrators.js';

type Configuration = Omit<DescribeOrganizationConfigurationResponse, '$metadata' | 'NextToken'> & {
  DetectorId: string;
};

export const guarddutyOrganizationConfigurations = defineTable<Configuration>()({
  name: 'aws_guardduty_organization_configurations',
  description: 'What GuardDuty does with members, as its administrator has set it in each Region.',
  source: 'https://docs.aws.amazon.com/guardduty/latest/APIReference/API_DescribeOrganizationConfiguration.html',
  permissions: ['guardduty:DescribeOrganizationConfiguration', 'guardduty:ListDetectors'],
  regionalService: 'guardduty',
  delegates: {
    accounts: administratorIds,
    column: 'admin_account_id',
    description: 'Account ID that was asked: an administrator of the service in this Region.',
  },
  primaryKey: ['account_id', 'region', 'admin_account_id', 'detector_id'],
  columns: {
    detector_id: text('DetectorId', 'ID of the detector of the administrator in this Region.'),
    auto_enable_organization_members: text(
      'AutoEnableOrganizationMembers',
      'NEW: on in accounts that join. ALL: on in every member. NONE: in none.',
    ),
    auto_enable: boolean('AutoEnable', 'Retired by AWS in favour of auto_enable_organization_members.'),
    member_account_limit_reached: boolean('MemberAccountLimitReached', 'True where no further member is taken.'),
    features: json(
      'Features',
      'Protection plans, as [{"Name", "AutoEnable": NEW, ALL or NONE, "AdditionalConfiguration"}].',
    ),
    data_sources: json('DataSources', 'Retired by AWS in favour of features.'),
  },
  async *list(context) {
    const { guardduty } = context;
    for await (const page of paginateListDetectors({ client: guardduty }, {})) {
      for (const DetectorId of page.DetectorIds ?? []) {
        const configuration = await configurationOf(context, DetectorId);
        if (configuration !== undefined) yield configuration;
      }
    }
  },
});

/** One configuration, whose features can fill several pages. */
async function configurationOf({ guardduty }: ReadContext, DetectorId: string): Promise<Configuration | undefined> {
  let configuration: Configuration | undefined;
  // By name, because a page can repeat what the one before had.
  const features = new Map<string | undefined, OrganizationFeatureConfigurationResult>();
  for await (const page of paginateDescribeOrganizationConfiguration({ client: guardduty }, { DetectorId })) {
    for (const feature of page.Features ?? []) features.set(feature.Name, feature);
    configuration = { ...page, Features: [...features.values()], DetectorId };
  }
  return configuration;
}
