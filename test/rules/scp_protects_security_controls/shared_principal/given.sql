-- Known wrong answer: one principal that stands for two services counts twice. Neither is asked here, so what Organizations says counts for both; only CSPM has core actions.
select fixture.organization();
select fixture.account('222222222222', 'Shop');
select fixture.trusted('securityhub.amazonaws.com');
