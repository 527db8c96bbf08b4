-- Builds an organization in a few lines. Every function adds to the source named in fixture.source ('prod' where nothing is set).
-- fixture.finish() records an ok for each table of which a case said nothing, so a case only tells what is special in it.
create function fixture.source() returns text language sql as $$
    select coalesce(nullif(current_setting('fixture.source', true), ''), 'prod')
$$;

create function fixture.management() returns text language sql as $$
    select coalesce(nullif(current_setting('fixture.management', true), ''), '111111111111')
$$;

create function fixture.time() returns timestamp language sql as $$ select timestamp '2026-11-01 12:00:00' $$;

-- From here on, so as the first thing of a case: the sync was this long ago.
create function fixture.synced_ago(age interval) returns void language plpgsql as $$
begin
    execute format(
        'create or replace function fixture.time() returns timestamp language sql as %L',
        format('select timestamp %L', now() at time zone 'utc' - age)
    );
end
$$;

create function fixture.ou_id(ou_path text) returns text language sql as $$
    select case when ou_path = '/' then 'r-root' else 'ou-root' || lower(replace(replace(ou_path, '/', '-'), ' ', '')) end
$$;

create function fixture.id_path(ou_path text) returns text language sql as $$
    select 'r-root' || coalesce(string_agg('/' || fixture.ou_id(array_to_string(parts[1:n], '/')), '' order by n), '')
    from (select string_to_array(ou_path, '/') as parts) as path
    cross join lateral generate_series(2, cardinality(parts)) as n
    where ou_path <> '/'
$$;

create function fixture.attach(policy_id text, target_id text) returns void language sql as $$
    insert into aws_organizations_policy_targets (_cq_sync_time, _cq_source_name, account_id, policy_id, target_id, target_type)
    values (fixture.time(), fixture.source(), fixture.management(), policy_id, target_id,
        case when target_id like 'r-%' then 'ROOT' when target_id like 'ou-%' then 'ORGANIZATIONAL_UNIT' else 'ACCOUNT' end)
$$;

create function fixture.account(id text, name text, ou_path text default '/', state text default 'ACTIVE', tags jsonb default null) returns void language plpgsql as $$
begin
    insert into aws_organizations_accounts (_cq_sync_time, _cq_source_name, request_account_id, arn, id, name, email, state, status, paths, parent_id, ou_path, tags)
    values (
        fixture.time(), fixture.source(), fixture.management(), format('arn:aws:organizations::%s:account/o-example/%s', fixture.management(), id),
        id, name, name || '@example.com', state, case state when 'CLOSED' then 'SUSPENDED' else state end,
        jsonb_build_array(format('o-example/%s/%s/', fixture.id_path(ou_path), id)), fixture.ou_id(ou_path), ou_path, tags
    );
    perform fixture.attach('p-FullAWSAccess', id);
end
$$;

create function fixture.ou(ou_path text) returns void language plpgsql as $$
declare
    parent text := coalesce(nullif(regexp_replace(ou_path, '/[^/]+$', ''), ''), '/');
begin
    insert into aws_organizations_organizational_units (_cq_sync_time, _cq_source_name, request_account_id, arn, id, name, parent_id, path, ou_path)
    values (
        fixture.time(), fixture.source(), fixture.management(), 'arn:' || fixture.ou_id(ou_path), fixture.ou_id(ou_path),
        regexp_replace(ou_path, '^.*/', ''), fixture.ou_id(parent), 'o-example/' || fixture.id_path(ou_path) || '/', ou_path
    );
    perform fixture.attach('p-FullAWSAccess', fixture.ou_id(ou_path));
end
$$;

-- content is the text of the policy, or a list of statements without the frame around them
create function fixture.scp(id text, content text, targets text[] default '{}') returns void language plpgsql as $$
declare
    target text;
    document text := case when content like '[%' then format('{"Version": "2012-10-17", "Statement": %s}', content) else content end;
begin
    insert into aws_organizations_policies (_cq_sync_time, _cq_source_name, account_id, arn, id, name, type, aws_managed, content, content_text)
    values (
        fixture.time(), fixture.source(), fixture.management(), 'arn:' || id, id, initcap(substring(id from 3)), 'SERVICE_CONTROL_POLICY', id = 'p-FullAWSAccess',
        case when document like '{%}' then document::jsonb end, document
    );
    foreach target in array targets loop
        perform fixture.attach(id, case when target like '/%' then fixture.ou_id(target) else target end);
    end loop;
end
$$;

create function fixture.service(service_id text, name text, principals text, methods text, more jsonb default '{}') returns void language sql as $$
    insert into aws_delegation_services (
        _cq_sync_time, _cq_source_name, account_id, service_id, name, category, is_security_service, is_delegation_supported, service_principals, methods,
        is_regional, admin_table_name, admin_read_scope, service_regions, recommended_owners, list_admin_action
    )
    values (
        fixture.time(), fixture.source(), fixture.management(), service_id, name, 'security', coalesce((more ->> 'is_security_service')::boolean, true), true,
        to_jsonb(string_to_array(principals, ' ')), to_jsonb(string_to_array(methods, ' ')),
        (more ->> 'is_regional')::boolean, more ->> 'admin_table_name', coalesce(more ->> 'admin_read_scope', ''), more -> 'service_regions', coalesce(more -> 'recommended_owners', '["infosec"]'), more ->> 'list_admin_action'
    )
$$;

create function fixture.region(region_name text, opt_in_status text default 'opt-in-not-required') returns void language sql as $$
    insert into aws_ec2_regions (_cq_sync_time, _cq_source_name, account_id, region_name, opt_in_status)
    values (fixture.time(), fixture.source(), fixture.management(), region_name, opt_in_status)
$$;

-- The organization, its root with SCPs switched on, its management account, two enabled Regions and one that is off, and a small catalogue.
create function fixture.organization(feature_set text default 'ALL', service_control_policies text default 'ENABLED') returns void language plpgsql as $$
begin
    insert into aws_organizations (_cq_sync_time, _cq_source_name, request_account_id, arn, id, feature_set, master_account_id)
    values (fixture.time(), fixture.source(), fixture.management(), 'arn:aws:organizations::' || fixture.management() || ':organization/o-example', 'o-example', feature_set, fixture.management());
    insert into aws_organizations_roots (_cq_sync_time, _cq_source_name, request_account_id, arn, id, name, policy_types)
    values (
        fixture.time(), fixture.source(), fixture.management(), 'arn:r-root', 'r-root', 'Root',
        case when service_control_policies is null then '[]' else jsonb_build_array(jsonb_build_object('Type', 'SERVICE_CONTROL_POLICY', 'Status', service_control_policies)) end
    );
    perform fixture.scp('p-FullAWSAccess', '[{"Effect": "Allow", "Action": "*", "Resource": "*"}]', '{/}');
    perform fixture.account(fixture.management(), 'Management');
    perform fixture.settings();
    perform fixture.region('eu-central-1');
    perform fixture.region('us-east-1');
    perform fixture.region('ap-east-1', 'not-opted-in');
    perform fixture.service('guardduty', 'Amazon GuardDuty', 'guardduty.amazonaws.com malware-protection.guardduty.amazonaws.com', 'organizations service',
        '{"is_regional": true, "admin_table_name": "aws_guardduty_organization_admin_accounts", "list_admin_action": "guardduty:ListOrganizationAdminAccounts"}');
    perform fixture.service('macie', 'Amazon Macie', 'macie.amazonaws.com', 'organizations service', '{"is_regional": true, "list_admin_action": "macie2:ListOrganizationAdminAccounts"}');
    perform fixture.service('security-hub', 'AWS Security Hub', 'securityhub.amazonaws.com', 'organizations');
    perform fixture.service('security-hub-cspm', 'AWS Security Hub CSPM', 'securityhub.amazonaws.com', 'organizations');
    perform fixture.service('config', 'AWS Config', 'config.amazonaws.com config-multiaccountsetup.amazonaws.com', 'organizations');
    perform fixture.service('backup', 'AWS Backup', 'backup.amazonaws.com', 'organizations', '{"is_security_service": false, "recommended_owners": ["infra_ops", "backup"]}');
    perform fixture.service('organizations-delegation-policy', 'Delegation policy', '', 'resource_policy');
end
$$;

create function fixture.owner(owner text, selector_type text, selector text) returns void language sql as $$
    insert into aws_delegation_owners (_cq_sync_time, _cq_source_name, account_id, owner, selector_type, selector)
    values (fixture.time(), fixture.source(), fixture.management(), owner, selector_type, selector)
$$;

create function fixture.expectation(service_id text, owner text) returns void language sql as $$
    insert into aws_delegation_expectations (_cq_sync_time, _cq_source_name, account_id, service_id, owner)
    values (fixture.time(), fixture.source(), fixture.management(), service_id, owner)
$$;

-- '' for what the approval leaves open
create function fixture.approval(service text, principal text, method text default '', region text default '') returns void language sql as $$
    insert into aws_delegation_approvals (_cq_sync_time, _cq_source_name, account_id, kind, service, principal, method, region, action, approved_by, approved_on)
    values (fixture.time(), fixture.source(), fixture.management(), 'delegation', service, principal, method, region, '', 'Ada', '2026-01-02')
$$;

-- An approval of a delegation with a day by which somebody has to look at it again.
create function fixture.approval_until(service text, principal text, review_by timestamp, method text default '', region text default '') returns void language sql as $$
    select fixture.approval(service, principal, method, region);
    update aws_delegation_approvals set review_by = approval_until.review_by
    where aws_delegation_approvals.service = approval_until.service
        and aws_delegation_approvals.principal = approval_until.principal
        and aws_delegation_approvals.method = approval_until.method
        and aws_delegation_approvals.region = approval_until.region
        and _cq_source_name = fixture.source()
$$;

-- An ARN and an action, both with * for anything.
create function fixture.principal_approval(principal text, action text default '*') returns void language sql as $$
    insert into aws_delegation_approvals (_cq_sync_time, _cq_source_name, account_id, kind, service, principal, method, region, action, approved_by, approved_on)
    values (fixture.time(), fixture.source(), fixture.management(), 'principal', '', principal, '', '', action, 'Ada', '2026-01-02')
$$;

create function fixture.waiver(rule text, expires timestamp, resource text default '*', account_id text default '', region text default '') returns void language sql as $$
    insert into aws_delegation_waivers (_cq_sync_time, _cq_source_name, account_id, rule, resource, waived_account_id, region, reason, approved_by, expires)
    values (fixture.time(), fixture.source(), fixture.management(), rule, resource, waiver.account_id, waiver.region, 'It is a test.', 'Ada', expires)
$$;

-- '{"workload_ous": ["/Workloads"], "allowed_regions": [...], "separation_of_duties": true, "max_age_hours": 24, "has_approvals": true, "events_lookback_days": 90}', or some of these
create function fixture.settings(given jsonb default '{}') returns void language sql as $$
    delete from aws_delegation_settings where _cq_source_name = fixture.source();
    insert into aws_delegation_settings (_cq_sync_time, _cq_source_name, account_id, workload_ous, allowed_regions, separation_of_duties, max_age_hours, has_approvals, events_lookback_days)
    values (
        fixture.time(), fixture.source(), fixture.management(), given -> 'workload_ous', given -> 'allowed_regions',
        coalesce((given ->> 'separation_of_duties')::boolean, false), coalesce((given ->> 'max_age_hours')::integer, 24), coalesce((given ->> 'has_approvals')::boolean, false),
        coalesce((given ->> 'events_lookback_days')::integer, 90)
    )
$$;

create function fixture.trusted(service_principal text) returns void language sql as $$
    insert into aws_organizations_service_access (_cq_sync_time, _cq_source_name, account_id, service_principal)
    values (fixture.time(), fixture.source(), fixture.management(), service_principal)
$$;

create function fixture.delegated(delegate text, service_principal text) returns void language sql as $$
    insert into aws_organizations_delegated_services (_cq_sync_time, _cq_source_name, account_id, delegated_account_id, service_principal, delegation_enabled_date)
    values (fixture.time(), fixture.source(), fixture.management(), delegate, service_principal, '2024-05-06 07:08:09')
$$;

create function fixture.guardduty(admin text, regions text[] default '{eu-central-1, us-east-1}', admin_status text default 'ENABLED') returns void language sql as $$
    insert into aws_guardduty_organization_admin_accounts (_cq_sync_time, _cq_source_name, account_id, region, admin_account_id, admin_status)
    select fixture.time(), fixture.source(), fixture.management(), region, admin, admin_status
    from unnest(regions) as region
$$;

-- Whichever table it is, its status column is the one that it has.
create function fixture.administrator(table_name text, admin text, regions text[] default '{us-east-1}', more jsonb default '{}') returns void language plpgsql as $$
begin
    execute format(
        'insert into %1$I select (jsonb_populate_record(null::%1$I, $1 || jsonb_build_object(''_cq_id'', gen_random_uuid(), ''region'', region))).* from unnest($2) as region',
        table_name
    ) using more || jsonb_build_object('_cq_sync_time', fixture.time(), '_cq_source_name', fixture.source(), 'account_id', fixture.management(), 'admin_account_id', admin), regions;
end
$$;

create function fixture.security_hub(admin text, regions text[] default '{eu-central-1, us-east-1}', admin_status text default 'ENABLED') returns void language sql as $$
    select fixture.administrator('aws_securityhub_organization_admin_accounts', admin, regions, jsonb_build_object('feature', 'SecurityHub', 'admin_status', admin_status))
$$;

create function fixture.security_hub_v2(admin text) returns void language sql as $$
    select fixture.administrator('aws_securityhub_organization_admin_accounts', admin, '{us-east-1}', '{"feature": "SecurityHubV2"}')
$$;

-- Both Security Hubs as the catalogue has them: each asked itself, one of them in every Region.
create function fixture.both_security_hubs_asked() returns void language sql as $$
    update aws_delegation_services
    set methods = '["organizations", "service"]',
        is_regional = service_id = 'security-hub-cspm',
        admin_table_name = 'aws_securityhub_organization_admin_accounts',
        admin_read_scope = case service_id when 'security-hub' then 'SecurityHubV2' else '' end,
        list_admin_action = 'securityhub:ListOrganizationAdminAccounts'
    where service_id in ('security-hub', 'security-hub-cspm') and _cq_source_name = fixture.source()
$$;

-- Services of the catalogue beside those of fixture.organization(), each asked itself.
create function fixture.more_services() returns void language sql as $$
    select fixture.service('detective', 'Amazon Detective', 'detective.amazonaws.com', 'organizations service',
        '{"is_regional": true, "admin_table_name": "aws_detective_organization_admin_accounts", "list_admin_action": "detective:ListOrganizationAdminAccounts"}');
    select fixture.service('inspector', 'Amazon Inspector', 'inspector2.amazonaws.com', 'organizations service',
        '{"is_regional": true, "admin_table_name": "aws_inspector2_organization_admin_accounts", "list_admin_action": "inspector2:ListDelegatedAdminAccounts"}');
    select fixture.service('firewall-manager', 'AWS Firewall Manager', 'fms.amazonaws.com', 'organizations service',
        '{"is_regional": false, "admin_table_name": "aws_fms_organization_admin_accounts", "list_admin_action": "fms:ListAdminAccountsForOrganization"}');
    update aws_delegation_services
    set must_be_same_account_across_regions = case service_id when 'detective' then false when 'inspector' then true end
    where service_id in ('detective', 'inspector') and _cq_source_name = fixture.source();
$$;

-- What is enrolled, aggregated and analyzed, as the catalogue has it, beside fixture.more_services().
create function fixture.member_services() returns void language sql as $$
    select fixture.service('security-lake', 'Amazon Security Lake', 'securitylake.amazonaws.com', 'organizations', '{"is_regional": false}');
    select fixture.service('access-analyzer', 'IAM Access Analyzer', 'access-analyzer.amazonaws.com', 'organizations');
    update aws_delegation_services set admin_table_name = 'aws_macie2_organization_admin_accounts'
    where service_id = 'macie' and _cq_source_name = fixture.source();
$$;

-- What an administrator has set in these Regions; of `more` whatever AWS says.
create function fixture.configuration(service text, admin text, regions text[], more jsonb default '{}') returns void language sql as $$
    select fixture.administrator(
        format('aws_%s_organization_configurations', service), admin, regions,
        case service when 'guardduty' then '{"detector_id": "d1", "member_account_limit_reached": false}'::jsonb when 'detective' then '{"graph_arn": "arn:graph"}' else '{}' end || more
    )
$$;

-- ALL, NEW or NONE
create function fixture.guardduty_enrolls(admin text, members text, regions text[] default '{eu-central-1, us-east-1}') returns void language sql as $$
    select fixture.configuration('guardduty', admin, regions, jsonb_build_object('auto_enable_organization_members', members))
$$;

-- An aggregator of the organization over all Regions, or what `more` makes of it.
create function fixture.aggregator(name text, admin text, region text default 'eu-central-1', more jsonb default '{}') returns void language sql as $$
    select fixture.administrator('aws_config_configuration_aggregators', admin, array[region], jsonb_build_object(
        'configuration_aggregator_name', name, 'configuration_aggregator_arn', format('arn:aws:config:%s:%s:config-aggregator/%s', region, admin, name),
        'organization_aggregation_source', '{"RoleArn": "arn:role", "AllAwsRegions": true}'::jsonb
    ) || more)
$$;

-- An active analyzer of the organization in each of these Regions, or what `more` makes of it.
create function fixture.analyzer(name text, admin text, regions text[] default '{eu-central-1, us-east-1}', more jsonb default '{}') returns void language sql as $$
    select fixture.administrator('aws_accessanalyzer_analyzers', admin, array[region], jsonb_build_object(
        'name', name, 'arn', format('arn:aws:access-analyzer:%s:%s:analyzer/%s', region, admin, name), 'type', 'ORGANIZATION', 'status', 'ACTIVE'
    ) || more)
    from unnest(regions) as region
$$;

create function fixture.policy_type(type text, status text default 'ENABLED') returns void language sql as $$
    update aws_organizations_roots set policy_types = policy_types || jsonb_build_array(jsonb_build_object('Type', policy_type.type, 'Status', policy_type.status))
    where _cq_source_name = fixture.source()
$$;

-- A policy of another type than SCPs; null is a text that was not read.
create function fixture.policy(id text, type text, content text, targets text[] default '{/}') returns void language plpgsql as $$
begin
    perform fixture.scp(id, content, targets);
    update aws_organizations_policies set type = policy.type
    where aws_organizations_policies.id = policy.id and _cq_source_name = fixture.source();
end
$$;

-- What runs code or grants access in members, and CloudTrail, as the catalogue has them.
create function fixture.execution_services() returns void language sql as $$
    select fixture.service('cloudtrail', 'AWS CloudTrail', 'cloudtrail.amazonaws.com', 'organizations');
    select fixture.service('iam-root-access', 'IAM centralized root access', 'iam.amazonaws.com', 'organizations');
    select fixture.service('identity-center', 'AWS IAM Identity Center', 'sso.amazonaws.com', 'organizations');
    select fixture.service(service_id, name, principals, 'organizations', '{"is_security_service": false, "recommended_owners": []}')
    from (
        values
            ('stacksets', 'AWS CloudFormation StackSets', 'member.org.stacksets.cloudformation.amazonaws.com stacksets.cloudformation.amazonaws.com'),
            ('systems-manager', 'AWS Systems Manager', 'ssm.amazonaws.com'),
            ('systems-manager-quick-setup', 'AWS Systems Manager Quick Setup', 'ssm-quicksetup.amazonaws.com'),
            ('account-management', 'AWS Account Management', 'account.amazonaws.com')
    ) as service (service_id, name, principals)
$$;

-- As ListDelegatedAdministrators has it, whatever services were read for it.
create function fixture.delegated_administrator(delegate text) returns void language sql as $$
    insert into aws_organizations_delegated_administrators (_cq_sync_time, _cq_source_name, account_id, arn, id, name, status)
    values (fixture.time(), fixture.source(), fixture.management(), 'arn:' || delegate, delegate, delegate, 'ACTIVE')
$$;

-- actions with spaces between them; `more` may have sid, principal_type, is_not_principal, not_actions, resources, not_resources, condition
create function fixture.statement(statement_index integer, effect text, principal text, actions text, more jsonb default '{}') returns void language sql as $$
    insert into aws_organization_resource_policy_statements (
        _cq_sync_time, _cq_source_name, account_id, statement_index, principal_type, principal, is_not_principal, sid, effect, actions, not_actions, resources, not_resources, condition
    )
    values (
        fixture.time(), fixture.source(), fixture.management(), statement_index, coalesce(more ->> 'principal_type', 'AWS'), principal,
        coalesce((more ->> 'is_not_principal')::boolean, false), more ->> 'sid', effect,
        to_jsonb(string_to_array(actions, ' ')), more -> 'not_actions',
        case when not more ? 'not_resources' then coalesce(more -> 'resources', '["*"]') end, more -> 'not_resources', more -> 'condition'
    )
$$;

-- The delegation policy itself; its statements come one by one.
create function fixture.resource_policy(id text default 'rp-example1', content text default '{"Version": "2012-10-17", "Statement": []}') returns void language sql as $$
    insert into aws_organization_resource_policies (_cq_sync_time, _cq_source_name, account_id, content, resource_policy_summary)
    values (
        fixture.time(), fixture.source(), fixture.management(), content,
        jsonb_build_object('Id', id, 'Arn', format('arn:aws:organizations::%s:resourcepolicy/o-example/%s', fixture.management(), id))
    )
$$;

-- What the catalogue says that a service needs in the management account, as a JSON list.
create function fixture.service_linked_roles(service_id text, roles jsonb) returns void language sql as $$
    update aws_delegation_services set service_linked_roles = roles
    where aws_delegation_services.service_id = service_linked_roles.service_id and _cq_source_name = fixture.source()
$$;

-- A role that is there.
create function fixture.service_linked_role(role_name text, owner text default fixture.management()) returns void language sql as $$
    insert into aws_iam_service_linked_roles (_cq_sync_time, _cq_source_name, account_id, arn, role_name)
    values (fixture.time(), fixture.source(), owner, format('arn:aws:iam::%s:role/%s', owner, role_name), role_name)
$$;

-- A complete trail of the organization, or what `more` makes of it.
create function fixture.trail(name text, more jsonb default '{}') returns void language sql as $$
    insert into aws_cloudtrail_trails
    select (jsonb_populate_record(null::aws_cloudtrail_trails, jsonb_build_object(
        '_cq_id', gen_random_uuid(), '_cq_sync_time', fixture.time(), '_cq_source_name', fixture.source(), 'account_id', fixture.management(), 'region', 'eu-central-1',
        'home_region', 'eu-central-1', 'name', name, 'trail_arn', format('arn:aws:cloudtrail:eu-central-1:%s:trail/%s', fixture.management(), name),
        'is_organization_trail', true, 'is_multi_region_trail', true, 'log_file_validation_enabled', true, 'is_logging', true
    ) || more)).*
$$;

-- An invitation of account 555555555555, open since `age` before the sync.
create function fixture.invitation(id text, age interval, more jsonb default '{}') returns void language sql as $$
    insert into aws_organizations_handshakes
    select (jsonb_populate_record(null::aws_organizations_handshakes, jsonb_build_object(
        '_cq_id', gen_random_uuid(), '_cq_sync_time', fixture.time(), '_cq_source_name', fixture.source(), 'account_id', fixture.management(), 'id', id,
        'parties', '[{"Id": "o-example", "Type": "ORGANIZATION"}, {"Id": "555555555555", "Type": "ACCOUNT"}]'::jsonb, 'state', 'OPEN', 'action', 'INVITE',
        'requested_timestamp', fixture.time() - age, 'expiration_timestamp', fixture.time() - age + interval '15 days'
    ) || more)).*
$$;

-- userIdentity of a role that somebody took on.
create function fixture.session(role text, name text, owner text default fixture.management()) returns jsonb language sql as $$
    select jsonb_build_object(
        'type', 'AssumedRole', 'principalId', 'AROAEXAMPLE:' || name, 'accountId', owner,
        'arn', format('arn:aws:sts::%s:assumed-role/%s/%s', owner, regexp_replace(role, '^.*/', ''), name),
        'sessionContext', jsonb_build_object('sessionIssuer', jsonb_build_object(
            'type', 'Role', 'principalId', 'AROAEXAMPLE', 'arn', format('arn:aws:iam::%s:role/%s', owner, role), 'accountId', owner, 'userName', regexp_replace(role, '^.*/', '')
        ))
    )
$$;

-- An event of CloudTrail: a role of the management account did it two days before the sync, from the command line.
create function fixture.event(event_id text, action text, request jsonb default '{}', more jsonb default '{}') returns void language sql as $$
    insert into aws_cloudtrail_organization_events
    select (jsonb_populate_record(null::aws_cloudtrail_organization_events, jsonb_build_object(
        '_cq_id', gen_random_uuid(), '_cq_sync_time', fixture.time(), '_cq_source_name', fixture.source(), 'account_id', fixture.management(), 'region', 'us-east-1',
        'recipient_account_id', fixture.management(), 'event_id', event_id, 'event_time', fixture.time() - interval '2 days',
        'event_name', split_part(action, ':', 2), 'event_source', split_part(action, ':', 1) || '.amazonaws.com', 'read_only', false,
        'user_identity', fixture.session('Admin', 'ada'), 'source_ip_address', '203.0.113.7', 'user_agent', 'aws-cli/2.31.0', 'request_parameters', request
    ) || more)).*
$$;

create function fixture.root_feature(feature text) returns void language sql as $$
    insert into aws_iam_organizations_features (_cq_sync_time, _cq_source_name, account_id, organization_id, feature)
    values (fixture.time(), fixture.source(), fixture.management(), 'o-example', feature)
$$;

create function fixture.read(table_name text, outcome text, scope text default '', region text default null, operation text default null, message text default null, code text default null) returns void language sql as $$
    insert into aws_delegation_reads (_cq_sync_time, _cq_source_name, account_id, region, table_name, operation, scope, service, outcome, error_code, error_message, request_count, row_count)
    select
        fixture.time(), fixture.source(), fixture.management(),
        coalesce(read.region, case when known.operation = '' or known.is_regional then '' else 'us-east-1' end),
        read.table_name, coalesce(read.operation, known.operation), read.scope, split_part(coalesce(read.operation, known.operation), ':', 1), read.outcome,
        coalesce(read.code, case when read.outcome = 'denied' then 'AccessDeniedException' when read.outcome = 'failed' then 'TooManyRequestsException' end),
        read.message, 1, 0
    from fixture.tables as known
    where known.table_name = read.table_name
$$;

-- How the reads of a table of administrators end that the sync could not get into: with a scope where there are several.
create function fixture.no_access(table_name text, regions text[] default '{eu-central-1, us-east-1}', scope text default '') returns void language sql as $$
    select fixture.read(table_name, 'skipped', scope, region, code => 'NoDelegateAccess',
        message => 'only this account can show it, and the spec lends no way into it: name `delegated_admin_role_name`, or add the account to `accounts`')
    from unnest(regions) as region
$$;

-- The role is asked for once, where the sync begins; what was to be read with it ends with its words in each Region.
create function fixture.no_role(table_name text, admin text, regions text[] default '{eu-central-1, us-east-1}', scope text default '') returns void language sql as $$
    select fixture.read(table_name, 'denied', admin, 'us-east-1', 'sts:AssumeRole', 'User is not authorized to perform: sts:AssumeRole', 'AccessDenied');
    select fixture.read(
        table_name, 'denied', scope, region, code => 'AccessDenied',
        message => format('not asked, because of sts:AssumeRole: role arn:aws:iam::%s:role/OrgAudit cannot be assumed: User is not authorized to perform: sts:AssumeRole', admin)
    )
    from unnest(regions) as region
$$;

create function fixture.finish() returns void language plpgsql as $$
declare
    known record;
    counted bigint;
begin
    for known in
        select tables.*, sources.source_name
        from fixture.tables
        cross join (
            select _cq_source_name as source_name from aws_organizations
            union
            select _cq_source_name from aws_delegation_reads
        ) as sources
        where tables.table_name <> 'aws_delegation_reads'
    loop
        perform set_config('fixture.source', known.source_name, true);
        perform set_config('fixture.management', coalesce((select max(master_account_id) from aws_organizations where _cq_source_name = known.source_name), ''), true);
        if known.is_regional then
            perform fixture.read(known.table_name, 'ok', region => region.region_name)
            from aws_ec2_regions as region
            where region._cq_source_name = known.source_name
                and region.opt_in_status <> 'not-opted-in'
                and not exists (
                    select from aws_delegation_reads as said
                    where said._cq_source_name = known.source_name
                        and said.table_name = known.table_name
                        and said.operation = known.operation
                        and said.scope = ''
                        and said.region in ('', region.region_name)
                );
            -- What is read once more with a scope of its own, unless the table was left out.
            perform fixture.read(known.table_name, 'ok', known.once_scope, 'us-east-1')
            where known.once_scope is not null and not exists (
                select from aws_delegation_reads as said
                where said._cq_source_name = known.source_name
                    and said.table_name = known.table_name
                    and (said.scope = known.once_scope or (said.scope = '' and said.region = ''))
            );
        else
            perform fixture.read(known.table_name, 'ok')
            where not exists (
                select from aws_delegation_reads as said
                where said._cq_source_name = known.source_name and said.table_name = known.table_name and said.operation = known.operation and said.scope = ''
            );
        end if;
        execute format('select count(*) from %I where _cq_source_name = %L', known.table_name, known.source_name)
            -- The newest sync counts what it sent itself.
            || case when known.is_incremental then format(' and _cq_sync_time = (select max(_cq_sync_time) from aws_delegation_reads where _cq_source_name = %L)', known.source_name) else '' end
            into counted;
        update aws_delegation_reads
        set row_count = counted
        where ctid = (
            select min(ctid) from aws_delegation_reads as said
            where said._cq_source_name = known.source_name and said.table_name = known.table_name
        );
    end loop;
    perform set_config('fixture.source', '', true);
    perform set_config('fixture.management', '', true);
end
$$;
