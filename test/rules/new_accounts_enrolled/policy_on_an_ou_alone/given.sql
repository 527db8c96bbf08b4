select fixture.organization();
select fixture.more_services(), fixture.both_security_hubs_asked(), fixture.member_services();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security'), fixture.account('333333333333', 'Shop');
select fixture.owner('infosec', 'account', '222222222222');
select fixture.guardduty('222222222222');
select fixture.policy_type('GUARDDUTY_POLICY');
select fixture.policy('p-guard', 'GUARDDUTY_POLICY', '{"guardduty": {"default": {"foundational": {"@@assign": "enabled"}}}}', '{/Security}');
select fixture.guardduty_enrolls('222222222222', 'NONE');
