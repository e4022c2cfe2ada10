"""What somebody says and shows of their work at home: answers, evidence, measures, scores and their worth."""
