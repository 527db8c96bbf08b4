select fixture.organization();
select fixture.ou('/Security');
select fixture.ou('/Workloads');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop', '/Workloads');
-- Known wrong answer: one principal that stands for two services counts twice.
select fixture.delegated('222222222222', principal) from unnest(array['guardduty.amazonaws.com', 'malware-protection.guardduty.amazonaws.com', 'macie.amazonaws.com', 'securityhub.amazonaws.com', 'config.amazonaws.com', 'backup.amazonaws.com']) as principal;
